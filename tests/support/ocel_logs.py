"""One small OCEL 2.0 log, as pm4py 2.7.23.11 and r4pm 0.6.2 write it; the databases lie beside as their dumps."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

__all__ = ["LOGS", "WRITTEN", "ocel_log"]

WRITTEN: Final = Path(__file__).resolve().parent / "ocel"
LOGS: Final = ("pm4py.json", "pm4py.sqlite", "r4pm.json", "r4pm.sqlite")


def ocel_log(name: str, folder: Path) -> Path:
    """The log as one of :data:`LOGS`, in a folder; what lies there under that name stays as it is."""
    path = folder / name
    if not path.exists():
        if name.endswith(".json"):
            path.write_bytes((WRITTEN / name).read_bytes())
        else:
            with closing(sqlite3.connect(path)) as database:
                database.executescript((WRITTEN / name).with_suffix(".sql").read_text("utf-8"))
    return path
