"""Backups (备份): all that is written of every log of a store, in one SQLite file that is a store itself, and back again.

One form for every kind of store: it opens and verifies with nothing but casecore, and is restored into any other. Fact
tables are not in it: they are made anew from the logs.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from adapters.district_log import DistrictLog, translated
from adapters.evidence.note import read_public_key
from adapters.open_tables import open_tables
from adapters.sql_ledger import SqlLedgerRecorder
from adapters.stores.known import store_at
from adapters.verifying import begin_epochs, open_logs, read_checkpoints, take_checkpoint, verify
from casecore.errors import BadInput, Fault, Flaw
from casecore.recorded import Head

__all__ = ["BACKUP", "backup", "restore"]

BACKUP: Final = "cases.db"
"""The file of a backup, in its folder; beside it the checkpoint of each log, where a key was given."""
LEDGER: Final = {
    "casecore_events": (
        *("log", "position", "originator_id", "originator_version", "topic", "state", "digest", "recorded_at"),
    ),
    "casecore_receipts": (*("log", "command_id", "stream", "version", "event_count", "position", "hash", "recorded_at"),),
    "casecore_epochs": ("log", "epoch", "timeline", "position", "hash", "began_at", "why"),
    "casecore_heads": ("log", "position", "hash", "recorded_at"),
}
"""What is written and not derived."""


def backup(url: str, folder: Path, *, key: Path | None = None) -> dict[str, Head]:
    """Write a backup of a store, as it is at one moment while others write on, into a folder that is made for it.

    It is opened and verified before the folder has its name: what lies there is whole. With a private ``key`` each log's
    checkpoint is signed beside it. Returns where each log ends. Raises :class:`~casecore.errors.BadInput` where the folder
    is there already or the store holds nothing, :class:`~casecore.errors.Fault` where a log is not whole.
    """
    if folder.exists():
        raise BadInput(Flaw.DUPLICATE_ID, str(folder), "is there already: a backup has a folder of its own")
    if not folder.parent.is_dir():
        raise BadInput(Flaw.UNREADABLE, str(folder), "the folder to make it in is not there")
    with open_logs(url) as logs, ExitStack() as unless_whole:
        if not logs:
            raise BadInput(Flaw.UNKNOWN_NAME, f"store {url}", "holds nothing yet")
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        unless_whole.callback(shutil.rmtree, made)
        copy = f"sqlite:///{made.absolute() / BACKUP}"
        _copy(next(iter(logs.values())), copy)
        heads = _whole(copy, [])
        if key is not None:
            for name in heads:
                take_checkpoint(copy, key, made / f"{name}.checkpoint", district=name, noted_in=url)
        for path in made.glob(f"{BACKUP}-*"):
            path.unlink()  # of whoever writes to a file; nobody writes to this one
        for path in (*made.iterdir(), made):
            _on_disk(path)
        made.chmod(0o755)
        made.rename(folder)
        unless_whole.pop_all()
    _on_disk(folder.parent)
    return heads


def restore(folder: Path, url: str, *, key: Path | None = None) -> dict[str, Head]:
    """Write a backup into a store that holds nothing, all of it or nothing, and begin a new epoch of each log.

    The backup is verified first; with the public ``key`` against the checkpoints beside it too. Returns where each log ends.
    Raises :class:`~casecore.errors.Fault` where it is not whole, :class:`~casecore.errors.BadInput` where it is no backup or
    the store holds something.
    """
    file = folder / BACKUP
    if not file.is_file():
        raise BadInput(Flaw.UNREADABLE, str(file), "is not there: name the folder of a backup")
    copy = f"sqlite:///{file.absolute()}"
    signed = sorted(folder.glob("*.checkpoint")) if key is not None else []
    if key is not None and not signed:
        raise BadInput(Flaw.UNREADABLE, str(folder), "has no checkpoint beside it, and a key to check one with is given")
    heads = _whole(copy, signed, key)
    store_at(url).migrate()
    with closing(open_tables(url, ())) as tables:
        if tables.query("SELECT log FROM casecore_heads LIMIT 1") or tables.query("SELECT log FROM casecore_events LIMIT 1"):
            raise BadInput(Flaw.DUPLICATE_ID, f"store {url}", "holds something already: restore into an empty one")
    with open_logs(copy) as logs:
        _copy(next(iter(logs.values())), url)
    restored = _whole(url, [])
    if restored != heads:
        raise Fault(f"store {url}: ends at {restored}, and the backup at {heads}: somebody wrote to it meanwhile")
    return begin_epochs(url)


def _copy(log: DistrictLog, url: str) -> None:
    """Write what the store of a log holds of every log, as of one moment, into another store, in one transaction."""
    if not isinstance(log.ledger, SqlLedgerRecorder):
        raise BadInput(Flaw.OTHER_KIND, f"log {log.district}", "lies in memory: nothing of it can be kept")
    store_at(url).migrate()
    with closing(open_tables(url, ())) as tables, translated(), log.ledger.reading() as rows_of:
        tables.fill(
            (table, columns, rows_of(f"SELECT {', '.join(columns)} FROM {table}"))  # noqa: S608 - our own names
            for table, columns in LEDGER.items()
        )


def _whole(url: str, checkpoints: Sequence[Path], key: Path | None = None) -> dict[str, Head]:
    """Where each log of a store ends; raises ``Fault`` where one is not whole, or not what a checkpoint saw."""
    seen = read_checkpoints(checkpoints, read_public_key(key)) if key is not None else []
    for name, found in verify(url, seen).items():
        if found.first_bad_position is not None:
            raise Fault(f"{url}: log {name}: BROKEN at position {found.first_bad_position}: {found.why}")
    with open_logs(url) as logs:
        return {name: log.head() for name, log in logs.items()}


def _on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
