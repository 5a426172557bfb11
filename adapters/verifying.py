"""``verify``: whether logs are what was written (存证), and the checkpoints an auditor keeps of them elsewhere."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.clock_bounds import bounds_of
from adapters.district_log import DistrictLog
from adapters.evidence.chain import genesis
from adapters.evidence.checkpoint import Checkpoint, origin_of
from adapters.evidence.merkle import Tree
from adapters.evidence.note import read_note, read_private_key, signed
from adapters.evidence.proof import Signed
from adapters.evidence.verification import Verification
from adapters.open_tables import open_tables
from adapters.opening import must_exist
from adapters.stores.addresses import shown_address
from adapters.stores.known import store_at
from adapters.stores.store import Pages
from adapters.whole_files import naming, write_file
from casecore.errors import BadInput, CasecoreError, Fault, Flaw
from casecore.recorded import Head
from projections.registry import PROJECTIONS

__all__ = ["NOTED", "begin_epochs", "grown", "look_at_pages", "open_logs", "read_checkpoints", "take_checkpoint", "verify"]

NOTED: Final = "casecore_checkpoints"
"""Where a store notes which checkpoints of it were taken; ``taken_at`` in microseconds since 1970, UTC."""
NOTED_COLUMNS: Final = ("log", "taken_at", "position", "epoch")
_LOGS_OF: Final = """
WITH RECURSIVE logs (log) AS (
    SELECT min(log) FROM {table}
    UNION ALL
    SELECT (SELECT min(log) FROM {table} WHERE log > logs.log) FROM logs WHERE log IS NOT NULL
)
SELECT log FROM logs WHERE log IS NOT NULL
"""
"""Leaps from log to log through the index; whoever loses a head does not lose sight of its events."""


def verify(
    store: str | Iterable[DistrictLog], checkpoints: Sequence[Checkpoint] = (), *, district: str | None = None
) -> dict[str, Verification]:
    """Walk logs from their first fact to their head: whether each is what was written, and what its checkpoints saw.

    ``store`` is a URL, of which every log anything is stored of is walked, or the one of ``district``; or it is logs that
    are open (``engine.log``). The result is by district; ``first_bad_position`` is None where all is well. A log alone shows
    what was changed in it; checkpoints kept elsewhere (:func:`read_checkpoints`) also show a tail cut off, a history written
    anew, and a log of which nothing is stored any more. Of a whole log each snapshot is held against its facts, too.

    Raises :class:`~casecore.errors.BadInput` for a store that is none, a district it has no log of, and a checkpoint of a
    log that is not asked about, and :class:`~casecore.errors.Unavailable` where the store cannot be reached.
    """
    with _logs(store, district) as logs:
        whole = isinstance(store, str) and district is None
        if others := [seen.district for seen in checkpoints if not whole and seen.district not in logs]:
            why = f"of log {others[0]}, not of {', '.join(logs) or 'any log given'}"
            raise BadInput(Flaw.CONTRADICTION, "checkpoint", why)
        found = {name: _walked(log, [seen for seen in checkpoints if seen.district == name]) for name, log in logs.items()}
    for seen in checkpoints:
        if seen.size and seen.district not in found:
            why = f"nothing is stored of this log, the checkpoint of {seen.at} saw {seen.size} events"
            found[seen.district] = Verification(0, genesis(seen.district).hex(), 1, why)
    return found


def _walked(log: DistrictLog, checkpoints: Sequence[Checkpoint]) -> Verification:
    found = log.verify(None, checkpoints, bounds_of(log))
    return found if found.first_bad_position is not None else found._replace(wrong_snapshots=log.wrong_snapshots())


def read_checkpoints(paths: Sequence[Path], key: Ed25519PublicKey) -> list[Checkpoint]:
    """The checkpoints in files, known to be signed with the key; raises naming the file."""
    found = []
    for path in paths:
        with naming(path):
            found.append(Signed.opened(read_note(path), key).checkpoint)
    return found


def look_at_pages(url: str) -> Pages:
    """Have a store's database look at its own pages (数据页): what a walk over its log does not come by.

    Raises as :func:`verify`.
    """
    must_exist(url)
    return store_at(url).pages()


def take_checkpoint(
    url: str, key_file: Path, out: Path, *, district: str | None = None, noted_in: str | None = None
) -> Checkpoint:
    """Verify the one log of a store, or that of a district, sign what was seen and write it to ``out``.

    The store, or the one it is a copy of (``noted_in``), notes that it was taken, so that ``casecore doctor`` can tell when;
    a standby, or a file that may only be read, does not. A file that is there is replaced only by a checkpoint of the same
    log gone on. Raises :class:`~casecore.errors.BadInput` where there are several logs or ``out`` is something else, and
    :class:`~casecore.errors.Fault` where the log is not whole.
    """
    with open_logs(url, district) as logs:
        if len(logs) != 1:
            raise BadInput(Flaw.MISSING_FIELD, "--district", f"say which of {len(logs)} logs ({', '.join(logs) or 'none'})")
        ((name, log),) = logs.items()
        key = read_private_key(key_file)
        before = read_checkpoints([out], key.public_key()) if out.exists() else []
        if any(seen.district != name for seen in before):
            raise BadInput(Flaw.CONTRADICTION, str(out), f"is a checkpoint of log {before[0].district} and not overwritten")
        tree = Tree()
        epoch, head = log.head().epoch, grown(tree, log, before).head
    seen = Checkpoint.taken(name, tree.size, tree.root(), bytes.fromhex(head), datetime.now(UTC), epoch)
    write_file(out, signed(seen.text(), origin_of(name), key).encode())
    _note(url if noted_in is None else noted_in, seen)
    return seen


def _note(url: str, seen: Checkpoint) -> None:
    """Write into a store that a checkpoint of it was taken, where anything can be written; who has no right to is told."""
    taken_at = time.time_ns() // 1000
    try:
        if not store_at(url).writable():
            return
        with closing(open_tables(url, ())) as tables:
            tables.fill([(NOTED, NOTED_COLUMNS, [(seen.district, taken_at, seen.size, seen.epoch)])])
    except CasecoreError as error:
        structlog.get_logger().warning("the store has not noted that this checkpoint was taken", why=str(error))


def begin_epochs(url: str, *, district: str | None = None) -> dict[str, Head]:
    """Begin a new epoch of each log of a store that was restored, or of one; returns where each ends."""
    with open_logs(url, district) as logs:
        for log in logs.values():
            log.begin_epoch("restore")
        return {name: log.head() for name, log in logs.items()}


@contextmanager
def open_logs(url: str, district: str | None = None) -> Iterator[dict[str, DistrictLog]]:
    """Open the log of one district, or every log anything is stored of."""
    must_exist(url)
    with ExitStack() as stack:
        tables = open_tables(url, PROJECTIONS)
        stack.callback(tables.close)
        queries = (_LOGS_OF.format(table=f"casecore_{kind}") for kind in ("events", "receipts"))
        found = {str(log) for query in queries for (log,) in tables.query(query)} | set(tables.districts())
        if district is not None and district not in found:
            raise BadInput(Flaw.UNKNOWN_NAME, f"district {district}", f"no log in {shown_address(url)}")
        names = sorted(found) if district is None else [district]
        yield {name: stack.enter_context(store_at(url).log(name)) for name in names}


def grown(tree: Tree, log: DistrictLog, checkpoints: Sequence[Checkpoint]) -> Verification:
    """Let a tree grow over a log; raises ``Fault`` where the log is not whole, or not what the checkpoints saw."""
    found = log.verify(tree, checkpoints)
    if found.first_bad_position is not None:
        raise Fault(f"log {log.district}: BROKEN at position {found.first_bad_position}: {found.why}")
    return found


@contextmanager
def _logs(store: str | Iterable[DistrictLog], district: str | None) -> Iterator[dict[str, DistrictLog]]:
    """The logs asked about; those that were open stay so."""
    if isinstance(store, str):
        with open_logs(store, district) as logs:
            yield logs
        return
    given = {log.district: log for log in store if district in (None, log.district)}
    if district is not None and not given:
        raise BadInput(Flaw.UNKNOWN_NAME, f"district {district}", "none of the logs given")
    yield given
