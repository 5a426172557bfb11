"""Proofs (证明) against a checkpoint: that facts are in the log it saw, or that the log it saw is how a later one begins."""

from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.evidence.checkpoint import Checkpoint
from adapters.evidence.merkle import Tree, consistency_spans, inclusion_spans
from adapters.evidence.note import read_note, unopened
from adapters.evidence.proof import (
    MAX_PROOF_BYTES,
    ConsistencyProof,
    InclusionProof,
    ProvenEvent,
    Signed,
    read_proof,
)
from adapters.verifying import grown, open_logs
from adapters.whole_files import naming
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["ProvenCase", "ProvenGrowth", "check_proof", "prove_case", "prove_growth"]


class ProvenCase(NamedTuple):
    """A proof that facts are in a log, which holds, and the signed checkpoint it is against."""

    proof: InclusionProof
    seen: Signed


class ProvenGrowth(NamedTuple):
    """Two signed checkpoints, the log of the first of which is the beginning of that of the second."""

    old: Signed
    new: Signed


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
        grown(tree, log, [seen])
    events = [
        ProvenEvent(tree.hashes(path), row.position, row.recorded_at, row.state.decode(), row.stream, row.topic, row.version)
        for row, path in zip(rows, spans, strict=True)
    ]
    return InclusionProof(note, tuple(events))


def prove_growth(url: str, since: Path, checkpoint: Path) -> ConsistencyProof:
    """Prove that the log one checkpoint saw is the beginning of the log a later one saw."""
    (old_note, old), (note, seen) = _unverified(since), _unverified(checkpoint)
    if old.district != seen.district or old.size > seen.size:
        raise BadInput(Flaw.CONTRADICTION, str(since), f"is no earlier checkpoint of log {seen.district}")
    spans = consistency_spans(old.size, seen.size)
    tree = Tree(spans)
    with open_logs(url, seen.district) as logs:
        grown(tree, logs[seen.district], [old, seen])
    return ConsistencyProof(old_note, note, tree.hashes(spans))


def check_proof(path: Path, key: Ed25519PublicKey) -> ProvenCase | ProvenGrowth:
    """Check the proof in a file with the public key alone; raises ``Fault`` naming the file where it does not hold."""
    with path.open("rb") as file:
        raw = file.read(MAX_PROOF_BYTES + 1)
    try:
        with naming(path):
            proof = read_proof(raw)
            if isinstance(proof, InclusionProof):
                return ProvenCase(proof, proof.check_case(key))
            return ProvenGrowth(*proof.check(key))
    except BadInput as flaw:
        raise Fault(str(flaw)) from flaw  # what was said to be a proof and is none does not hold


def _unverified(path: Path) -> tuple[str, Checkpoint]:
    """A note and what it says; whoever signed it, the log itself is held against it."""
    with naming(path):
        note = read_note(path)
        return note, Checkpoint.read(unopened(note))
