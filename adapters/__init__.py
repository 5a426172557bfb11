"""The outside world: event stores on the ``eventsourcing`` library, projection tables, importers, shipped data.

What never lives here: a rule of the field (``casecore``), the definition of a figure (``projections``), or the wiring
of a command line (``ops``). An embedder writes with ``open_engine``, and ``read_command`` where commands come in as JSON;
who reads a whole store opens it with ``open_store`` and asks ``explain``, ``trip_list``, ``findings`` or ``verify``;
a job keeps the fact tables with ``follow`` and ``rebuild``, and asks them with ``report``; ``restated`` says what has
changed of published months, ``whatif`` what another promise, calendar or rule would have made of them.

A name is loaded when it is first asked for: who only writes loads no importer, and who only imports loads no tables.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from adapters.adopting import adopt
    from adapters.auditing import findings
    from adapters.command_json import read_command
    from adapters.district_books import books_of
    from adapters.district_engine import open_engine
    from adapters.explaining import explain
    from adapters.following import follow, rebuild
    from adapters.opening import open_store
    from adapters.reporting import report
    from adapters.restating import restated
    from adapters.supposing import whatif
    from adapters.trip_lists import trip_list
    from adapters.verifying import verify

__all__ = [
    "adopt",
    "books_of",
    "explain",
    "findings",
    "follow",
    "open_engine",
    "open_store",
    "read_command",
    "rebuild",
    "report",
    "restated",
    "trip_list",
    "verify",
    "whatif",
]

_WHERE: Final = {
    "adopt": "adopting",
    "books_of": "district_books",
    "explain": "explaining",
    "findings": "auditing",
    "follow": "following",
    "open_engine": "district_engine",
    "open_store": "opening",
    "read_command": "command_json",
    "rebuild": "following",
    "report": "reporting",
    "restated": "restating",
    "trip_list": "trip_lists",
    "verify": "verifying",
    "whatif": "supposing",
}
"""In which module each name stands. No module bears one of these names: it would take the place of the function."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found
