"""The outside world: event stores on the ``eventsourcing`` library, projection tables, importers, shipped data.

What never lives here: a rule of the field (``casecore``), the definition of a figure (``projections``), or the wiring
of a command line (``ops``). An embedder needs two names: ``open_engine``, and ``read_command`` where
commands come in as JSON.
"""

from adapters.command_json import read_command
from adapters.open_engine import open_engine

__all__ = ["open_engine", "read_command"]
