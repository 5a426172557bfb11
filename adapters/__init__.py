"""The outside world: event stores on the ``eventsourcing`` library, projection tables, importers, shipped data.

What never lives here: a rule of the field (``casecore``), the definition of a figure (``projections``), or the wiring
of a command line (``ops``). An embedder needs one name: ``open_engine``.
"""

from adapters.open_engine import open_engine

__all__ = ["open_engine"]
