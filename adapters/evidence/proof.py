"""Proofs (证明文件): small files that anybody can check with a public key alone, without any store.

An :class:`InclusionProof` shows that the facts of a case are in the log a checkpoint saw; a :class:`ConsistencyProof`
that the log of one checkpoint is the beginning of the log of a later one. The file is JSON in one spelling only: what
is read is what writing it again gives, so not one byte of it can be another.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.evidence.chain import event_digest
from adapters.evidence.checkpoint import Checkpoint, origin_of
from adapters.evidence.merkle import leaf_hash, verify_consistency, verify_inclusion
from adapters.evidence.note import opened, signer, unopened
from adapters.evidence.verification import leaf_of
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["MAX_PROOF_BYTES", "ConsistencyProof", "InclusionProof", "ProvenEvent", "Signed", "read_proof"]

T = TypeVar("T")
MAX_PROOF_BYTES: Final = 16 * 1024 * 1024
"""How long a file with a proof may be."""
_MAX_HASHES: Final = 128
_LAST_NUMBER: Final = 2**63 - 1
_SPELLING: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_INCLUSION: Final = "casecore.inclusion.v1"
_CONSISTENCY: Final = "casecore.consistency.v1"


class Signed(NamedTuple):
    """A checkpoint and who signed it."""

    checkpoint: Checkpoint
    signer: str

    @classmethod
    def opened(cls, note: str, key: Ed25519PublicKey) -> "Signed":
        """What a note says; raises ``BadInput`` or ``Fault`` where the key did not say it."""
        checkpoint = Checkpoint.read(unopened(note))
        name = origin_of(checkpoint.district)
        opened(note, name, key)
        return cls(checkpoint, signer(name, key))


class ProvenEvent(NamedTuple):
    """A fact as it is stored, and the path from it to the root."""

    path: tuple[bytes, ...]
    position: int
    recorded_at: int
    state: str
    stream: str
    topic: str
    version: int


class InclusionProof(NamedTuple):
    """The facts of a case, in order, in the log the checkpoint saw."""

    note: str
    events: tuple[ProvenEvent, ...]

    def written(self) -> bytes:
        """The file."""
        events = [{**event._asdict(), "path": _spelled(event.path)} for event in self.events]
        return orjson.dumps({"checkpoint": self.note, "events": events, "kind": _INCLUSION}, option=_SPELLING)

    def check_case(self, key: Ed25519PublicKey) -> Signed:
        """Whether it holds and begins where the case does; raises ``Fault``."""
        first = self.events[0]
        if first.version != 1:
            raise Fault(f"{first.stream}: its facts begin with version {first.version}, the first are left out")
        return self.check(key)

    def check(self, key: Ed25519PublicKey) -> Signed:
        """Whether it holds; raises ``Fault`` saying which event does not."""
        signed = Signed.opened(self.note, key)
        size, root = signed.checkpoint.size, signed.checkpoint.root
        last: ProvenEvent | None = None
        for event in self.events:
            place = f"position {event.position} ({event.stream!r:.60} version {event.version})"
            digest = event_digest(event.stream, event.version, event.topic, event.state.encode())
            leaf = leaf_hash(leaf_of(digest, event.recorded_at))
            if not verify_inclusion(leaf, event.position - 1, size, event.path, root):
                raise Fault(f"{place} is not in the log the checkpoint saw")
            if last is not None and (event.stream, event.version) != (last.stream, last.version + 1):
                raise Fault(f"{place} does not follow version {last.version}: a fact is left out")
            last = event
        return signed


class ConsistencyProof(NamedTuple):
    """The log of the checkpoint ``since`` is the beginning of the log of the later one."""

    since: str
    note: str
    path: tuple[bytes, ...]

    def written(self) -> bytes:
        """The file."""
        parts = {"checkpoint": self.note, "kind": _CONSISTENCY, "path": _spelled(self.path), "since": self.since}
        return orjson.dumps(parts, option=_SPELLING)

    def check(self, key: Ed25519PublicKey) -> tuple[Signed, Signed]:
        """Whether it holds; the earlier and the later checkpoint. Raises ``Fault`` where it does not."""
        old, new = Signed.opened(self.since, key), Signed.opened(self.note, key)
        before, after = old.checkpoint, new.checkpoint
        if before.district != after.district:
            raise Fault(f"checkpoints of two logs, {before.district} and {after.district}")
        if not verify_consistency(before.size, after.size, (before.root, after.root), self.path):
            raise Fault(f"the log of size {after.size} does not go on from the log of size {before.size}")
        return old, new


def read_proof(raw: bytes) -> InclusionProof | ConsistencyProof:
    """Read a file again; raises ``BadInput`` for anything that was not written by these classes, byte for byte."""
    if len(raw) > MAX_PROOF_BYTES:
        raise BadInput(Flaw.TOO_LARGE, "", f"is larger than {MAX_PROOF_BYTES} bytes")
    try:
        parts = orjson.loads(raw)
    except orjson.JSONDecodeError as flaw:
        raise BadInput(Flaw.NOT_JSON, "", f"is not JSON: {flaw}") from None
    proof: InclusionProof | ConsistencyProof
    match _text(_part(parts, "kind"), "kind"):
        case kind if kind == _INCLUSION:
            listed = _list(_part(parts, "events"), "events", _event)
            proof = InclusionProof(_text(_part(parts, "checkpoint"), "checkpoint"), listed)
            if not listed:
                raise BadInput(Flaw.NO_FACT, "events", "there are none")
        case kind if kind == _CONSISTENCY:
            path = _path(_part(parts, "path"), "path")
            since, note = (_text(_part(parts, name), name) for name in ("since", "checkpoint"))
            proof = ConsistencyProof(since, note, path)
        case kind:
            raise BadInput(Flaw.UNKNOWN_WORD, "kind", f"{kind!r:.60} is no proof of casecore")
    if proof.written() != raw:
        raise BadInput(Flaw.CONTRADICTION, "", "is not spelled as it was written: keys, spaces or numbers are others")
    return proof


def _spelled(path: tuple[bytes, ...]) -> list[str]:
    return [b64encode(part).decode() for part in path]


def _part(parts: object, name: str, place: str = "") -> object:
    if not isinstance(parts, Mapping) or name not in parts:
        raise BadInput(Flaw.MISSING_FIELD, f"{place}{name}", "missing")
    return parts[name]


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be text, not {value!r:.60}")
    return value


def _whole(value: object, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LAST_NUMBER:
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be a whole number from 0, not {value!r:.60}")
    return value


def _list(value: object, place: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be a list, not {value!r:.60}")
    return tuple(read(part, f"{place}[{index}]") for index, part in enumerate(value))


def _hash(value: object, place: str) -> bytes:
    try:
        found = b64decode(_text(value, place), validate=True)
    except ValueError:
        found = b""
    if len(found) != len(leaf_hash(b"")):
        raise BadInput(Flaw.WRONG_TYPE, place, "must be the base64 of 32 bytes")
    return found


def _path(value: object, place: str) -> tuple[bytes, ...]:
    if isinstance(value, list) and len(value) > _MAX_HASHES:
        raise BadInput(Flaw.TOO_LARGE, place, f"has more than {_MAX_HASHES} hashes")
    return _list(value, place, _hash)


_FIELDS: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "path": _path, "position": _whole, "recorded_at": _whole, "state": _text, "stream": _text, "topic": _text,
    "version": _whole,
}  # fmt: skip


def _event(value: object, place: str) -> ProvenEvent:
    parts = {name: read(_part(value, name, f"{place}."), f"{place}.{name}") for name, read in _FIELDS.items()}
    return ProvenEvent(**parts)
