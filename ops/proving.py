"""Checkpoints and proofs (存证): what their commands do between a store and the files beside it."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.district_log import DistrictLog
from adapters.evidence.chain import genesis
from adapters.evidence.checkpoint import Checkpoint, origin_of
from adapters.evidence.merkle import Tree, consistency_spans, inclusion_spans
from adapters.evidence.note import read_note, read_private_key, signed, unopened
from adapters.evidence.proof import (
    MAX_PROOF_BYTES,
    ConsistencyProof,
    InclusionProof,
    ProvenEvent,
    Signed,
    read_proof,
)
from adapters.evidence.verification import Verification
from adapters.open_tables import open_tables
from adapters.opening import must_exist
from adapters.stores.known import store_at
from casecore.errors import BadInput, Fault, Flaw
from projections.registry import PROJECTIONS

__all__ = [
    "naming",
    "open_logs",
    "proof_in",
    "prove_case",
    "prove_growth",
    "read_checkpoints",
    "take_checkpoint",
    "verify_logs",
    "write_file",
]  # fmt: skip

_LOGS_OF: Final = """
WITH RECURSIVE logs (log) AS (
    SELECT min(log) FROM {table}
    UNION ALL
    SELECT (SELECT min(log) FROM {table} WHERE log > logs.log) FROM logs WHERE log IS NOT NULL
)
SELECT log FROM logs WHERE log IS NOT NULL
"""
"""Leaps from log to log through the index; whoever loses a head does not lose sight of its events."""


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
            raise BadInput(Flaw.UNKNOWN_NAME, f"district {district}", f"no log in {url}")
        names = sorted(found) if district is None else [district]
        yield {name: stack.enter_context(store_at(url).log(name)) for name in names}


def read_checkpoints(paths: Sequence[Path], key: Ed25519PublicKey) -> list[Checkpoint]:
    """The checkpoints the key signed; raises naming the file."""
    found = []
    for path in paths:
        with naming(path):
            found.append(Signed.opened(read_note(path), key).checkpoint)
    return found


def verify_logs(logs: Mapping[str, DistrictLog], checkpoints: Sequence[Checkpoint]) -> dict[str, Verification]:
    """Verify logs, each against its own checkpoints; a log that has checkpoints and nothing else is gone."""
    found = {
        name: log.verify(checkpoints=[seen for seen in checkpoints if seen.district == name]) for name, log in logs.items()
    }
    for seen in checkpoints:
        if seen.size and seen.district not in found:
            why = f"nothing is stored of this log, the checkpoint of {seen.at} saw {seen.size} events"
            found[seen.district] = Verification(0, genesis(seen.district).hex(), 1, why)
    return found


def take_checkpoint(logs: Mapping[str, DistrictLog], key_file: Path, out: Path) -> Checkpoint:
    """Verify the one log, sign what was seen and write it to ``out``; never in place of one it does not go on from."""
    if len(logs) != 1:
        raise BadInput(Flaw.USAGE, "--district", f"say which of {len(logs)} logs ({', '.join(logs) or 'none'})")
    ((district, log),) = logs.items()
    key, name = read_private_key(key_file), origin_of(district)
    before = read_checkpoints([out], key.public_key()) if out.exists() else []
    if any(seen.district != district for seen in before):
        raise BadInput(Flaw.USAGE, str(out), f"is a checkpoint of log {before[0].district} and not overwritten")
    tree = Tree()
    head = _walked(log, tree, before).head
    seen = Checkpoint.taken(district, tree.size, tree.root(), bytes.fromhex(head), datetime.now(UTC))
    write_file(out, signed(seen.text(), name, key).encode())
    return seen


def prove_case(url: str, case: str, checkpoint: Path) -> InclusionProof:
    """Prove that the facts of a case, a package or a drop box are in the log a checkpoint saw."""
    note, seen = _unverified(checkpoint)
    with open_logs(url, seen.district) as logs:
        log = logs[seen.district]
        rows = [row for row in log.ledger.stream_rows([case]) if row.position <= seen.size]
        if not rows:
            raise BadInput(Flaw.UNKNOWN_NAME, f"case {case}", "no fact of it in the log the checkpoint saw")
        spans = [inclusion_spans(row.position - 1, seen.size) for row in rows]
        tree = Tree([span for path in spans for span in path])
        _walked(log, tree, [seen])
    events = [
        ProvenEvent(tree.hashes(path), row.position, row.recorded_at, row.state.decode(), row.stream, row.topic, row.version)
        for row, path in zip(rows, spans, strict=True)
    ]
    return InclusionProof(note, tuple(events))


def prove_growth(url: str, since: Path, checkpoint: Path) -> ConsistencyProof:
    """Prove that the log one checkpoint saw is the beginning of the log a later one saw."""
    (old_note, old), (note, seen) = _unverified(since), _unverified(checkpoint)
    if old.district != seen.district or old.size > seen.size:
        raise BadInput(Flaw.USAGE, str(since), f"is no earlier checkpoint of log {seen.district}")
    spans = consistency_spans(old.size, seen.size)
    tree = Tree(spans)
    with open_logs(url, seen.district) as logs:
        _walked(logs[seen.district], tree, [old, seen])
    return ConsistencyProof(old_note, note, tree.hashes(spans))


def proof_in(path: Path) -> InclusionProof | ConsistencyProof:
    """The proof in a file; raises ``BadInput`` naming the file."""
    with path.open("rb") as file:
        raw = file.read(MAX_PROOF_BYTES + 1)
    with naming(path):
        return read_proof(raw)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """An error about a file begins with its name."""
    try:
        yield
    except BadInput as flaw:
        raise BadInput(flaw.code, str(path), str(flaw)) from flaw
    except Fault as flaw:
        raise Fault(f"{path}: {flaw}") from flaw


def _unverified(path: Path) -> tuple[str, Checkpoint]:
    """A note and what it says; whoever signed it, the log itself is held against it."""
    with naming(path):
        note = read_note(path)
        return note, Checkpoint.read(unopened(note))


def _walked(log: DistrictLog, tree: Tree, checkpoints: Sequence[Checkpoint]) -> Verification:
    """A tree grows over the log; raises ``Fault`` where the log is not whole, or not what the checkpoints saw."""
    found = log.verify(tree, checkpoints)
    if found.first_bad_position is not None:
        raise Fault(f"log {log.district}: BROKEN at position {found.first_bad_position}: {found.why}")
    return found
