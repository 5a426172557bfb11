"""Proofs that anybody checks with a public key alone: what they show, and that not one byte of them can be another."""

import random
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NamedTuple

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rfc6962 import defined_path, defined_proof, defined_root
from support.story import CATALOGUE, CLERK, moment

from adapters.evidence.chain import Row
from adapters.evidence.checkpoint import Checkpoint, origin_of
from adapters.evidence.merkle import Tree, consistency_spans, inclusion_spans
from adapters.evidence.note import signed, unopened
from adapters.evidence.proof import MAX_PROOF_BYTES, ConsistencyProof, InclusionProof, ProvenEvent, read_proof
from adapters.evidence.verification import leaf_of
from adapters.testing.opened import open_desk
from casecore import BadInput, Fault, History, Source, StepCompleted

DISTRICT: Final = "510107"
FACTS: Final = 1500
PROVEN: Final = 1000
SEED: Final = 20250303
KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC: Final = KEY.public_key()


class Log(NamedTuple):
    """A log, the notes of two checkpoints of it, and its leaves as anybody computes them from its rows."""

    rows: list[Row]
    old: str
    new: str
    spans: dict[int, list[Any]]
    tree: Tree
    leaves: list[bytes]

    def proof(self, position: int) -> InclusionProof:
        """The proof of one event."""
        row, path = self.rows[position - 1], self.tree.hashes(self.spans[position])
        event = ProvenEvent(path, position, row.recorded_at, row.state.decode(), row.stream, row.topic, row.version)
        return InclusionProof(self.new, (event,))


def note_of(size: int, tree: Tree, head: str) -> str:
    seen = Checkpoint.taken(DISTRICT, size, tree.root(), bytes.fromhex(head), datetime(2025, 4, 1, tzinfo=UTC))
    return signed(seen.text(), origin_of(DISTRICT), KEY)


@pytest.fixture(scope="module")
def log() -> Log:
    """1,500 facts of 100 cases."""
    with open_desk("memory:", district=DISTRICT, catalogue=CATALOGUE) as engine:

        def record(cases: range) -> None:
            steps = [StepCompleted(at=moment("2025-03-03 09:00"), by=CLERK, name=f"第{n}步") for n in range(15)]
            engine.record([History(f"C-{n}", f"k{n}", tuple(steps), Source("x", "x", n)) for n in cases])

        record(range(1, 41))
        half = Tree()
        old = note_of(600, half, engine.log.verify(half).head)
        record(range(41, 101))
        spans: dict[int, list[Any]] = {n: inclusion_spans(n - 1, FACTS) for n in range(1, FACTS + 1)}
        tree = Tree([*consistency_spans(600, FACTS), *(span for path in spans.values() for span in path)])
        head = engine.log.verify(tree).head
        rows = engine.log.ledger.rows(0, FACTS)
        leaves = [leaf_of(row.digest, row.recorded_at) for row in rows]
        return Log(rows, old, note_of(FACTS, tree, head), spans, tree, leaves)


# --- inclusion ---


def test_roots_and_paths_are_those_of_the_definition(log: Log) -> None:
    assert [len(leaf) for leaf in log.leaves] == [40] * FACTS
    assert Checkpoint.read(unopened(log.new)).root == defined_root(log.leaves) == log.tree.root()
    for position in random.Random(SEED).sample(range(1, FACTS + 1), 20):  # noqa: S311
        assert [*log.tree.hashes(log.spans[position])] == defined_path(position - 1, log.leaves)


def changed(value: Any, rng: random.Random) -> Any:
    """One byte, or one bit of a number, is another."""
    if isinstance(value, int):
        return value ^ (1 << rng.randrange(20))
    if isinstance(value, str):
        place = rng.randrange(len(value))
        other = rng.choice([c for c in "axz019" if c != value[place]])
        return value[:place] + other + value[place + 1 :]
    place = rng.randrange(len(value))
    return value[:place] + bytes([value[place] ^ (1 << rng.randrange(8))]) + value[place + 1 :]


def holds(proof: InclusionProof | ConsistencyProof, key: Ed25519PublicKey = PUBLIC) -> bool:
    try:
        read_proof(proof.written()).check(key)
    except (BadInput, Fault):
        return False
    return True


def test_a_thousand_random_events_are_proven_and_none_with_a_byte_of_any_field_changed(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    rng, refused = random.Random(SEED), 0  # noqa: S311
    for position in rng.sample(range(1, FACTS + 1), PROVEN):
        proof = log.proof(position)
        (event,) = proof.events
        assert holds(proof)
        for name in event._fields:
            if name == "path":
                place = rng.randrange(len(event.path))
                path = (*event.path[:place], changed(event.path[place], rng), *event.path[place + 1 :])
                other = event._replace(path=path)
            else:
                other = event._replace(**{name: changed(getattr(event, name), rng)})
            assert not holds(proof._replace(events=(other,))), name
            refused += 1
        assert not holds(proof._replace(note=changed(proof.note, rng)))
        refused += 1
    with capsys.disabled():
        print(f"\n{PROVEN} inclusion proofs hold, {refused} with one byte changed do not (seed {SEED})")  # noqa: T201
    assert refused == 8 * PROVEN


def test_no_byte_of_a_proof_can_be_another(log: Log) -> None:
    raw = log.proof(777).written()
    assert read_proof(raw).check(PUBLIC)
    for place in range(len(raw)):
        with pytest.raises((BadInput, Fault)):
            read_proof(raw[:place] + bytes([raw[place] ^ (1 << place % 8)]) + raw[place + 1 :]).check(PUBLIC)


def case_of(log: Log, case: str) -> InclusionProof:
    return InclusionProof(log.new, tuple(log.proof(row.position).events[0] for row in log.rows if row.stream == case))


def test_a_case_is_proven_with_all_its_facts(log: Log) -> None:
    proof = case_of(log, "C-7")
    assert [event.version for event in proof.events] == [*range(1, 16)]
    seen = proof.check(PUBLIC)
    assert (seen.checkpoint.district, seen.checkpoint.size) == (DISTRICT, FACTS)
    assert seen.signer.startswith("casecore/510107+")


def test_a_fact_left_out_or_put_elsewhere_is_named(log: Log) -> None:
    events = case_of(log, "C-7").events
    with pytest.raises(Fault, match=r"version 6\) does not follow version 4"):
        InclusionProof(log.new, (*events[:4], *events[5:])).check(PUBLIC)
    with pytest.raises(Fault, match="does not follow"):
        InclusionProof(log.new, (*events, *case_of(log, "C-8").events)).check(PUBLIC)
    with pytest.raises(Fault, match=r"position 95 \('C-7' version 5\) is not in the log"):
        InclusionProof(log.new, (*events[:4], events[4]._replace(state="{}"), *events[5:])).check(PUBLIC)


def test_a_proof_does_not_hold_under_another_key(log: Log) -> None:
    with pytest.raises(Fault, match=r"not signed by casecore/510107\+"):
        log.proof(1).check(Ed25519PrivateKey.generate().public_key())


# --- consistency ---


def test_a_log_gone_on_is_proven(log: Log) -> None:
    path = log.tree.hashes(consistency_spans(600, FACTS))
    assert [*path] == defined_proof(600, log.leaves)
    proof = ConsistencyProof(log.old, log.new, path)
    assert holds(proof)
    assert [signed_.checkpoint.size for signed_ in proof.check(PUBLIC)] == [600, FACTS]
    assert not holds(ConsistencyProof(log.new, log.old, path))
    assert not holds(ConsistencyProof(log.old, log.new, path[:-1]))
    rng = random.Random(SEED)  # noqa: S311
    for place, part in enumerate(path):
        assert not holds(ConsistencyProof(log.old, log.new, (*path[:place], changed(part, rng), *path[place + 1 :])))
    raw = proof.written()
    for place in range(len(raw)):
        with pytest.raises((BadInput, Fault)):
            read_proof(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]).check(PUBLIC)


def test_checkpoints_of_two_logs_prove_nothing(log: Log) -> None:
    seen = Checkpoint.read(unopened(log.new))._replace(district="510108")
    elsewhere = signed(seen.text(), origin_of("510108"), KEY)
    with pytest.raises(Fault, match="of two logs, 510107 and 510108"):
        ConsistencyProof(log.old, elsewhere, ()).check(PUBLIC)


# --- the door ---


def with_part(raw: bytes, name: str, value: object) -> bytes:
    """The file with one part of its first event, or of the whole, replaced."""
    parts = orjson.loads(raw)
    (parts if name in parts else parts["events"][0])[name] = value
    return orjson.dumps(parts, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


BAD: Final[dict[str, tuple[Callable[[bytes], bytes], str]]] = {
    "empty": (lambda _: b"", "is not JSON"),
    "too large": (lambda _: b" " * (MAX_PROOF_BYTES + 1), "is larger than 16777216 bytes"),
    "too deep": (lambda _: b"[" * 10_000, "is not JSON"),
    "a list": (lambda _: b"[]", "kind: missing"),
    "not a number": (lambda raw: raw.replace(b'"position": 7', b'"position": NaN'), "is not JSON"),
    "beyond every number": (lambda raw: raw.replace(b'"position": 7', b'"position": 1e400'), "is not JSON"),
    "a lone surrogate": (lambda raw: raw.replace(b'"stream": "C-1"', b'"stream": "\\ud800"'), "is not JSON"),
    "a key twice": (lambda raw: raw.replace(b'"stream": "C-1"', b'"stream": "C-1","stream": "C-1"'), "is not spelled"),
    "a key more": (lambda raw: raw.replace(b"{\n", b'{\n  "a": 1,\n', 1), "is not spelled as it was written"),
    "another spelling": (lambda raw: raw.replace(b"\n", b" "), "is not spelled as it was written"),
    "another kind": (partial(with_part, name="kind", value="other"), "kind: 'other' is no proof of casecore"),
    "no events": (partial(with_part, name="events", value=[]), "events: there are none"),
    "events that are none": (partial(with_part, name="events", value={}), "events: must be a list"),
    "an event that is none": (partial(with_part, name="events", value=[1]), "events[0].path: missing"),
    "a true position": (partial(with_part, name="position", value=True), "events[0].position: must be a whole number"),
    "a fraction": (partial(with_part, name="version", value=1.5), "events[0].version: must be a whole number"),
    "a negative time": (partial(with_part, name="recorded_at", value=-1), "events[0].recorded_at: must be a whole number"),
    "a number past all": (partial(with_part, name="position", value=2**64 - 1), "events[0].position: must be a whole"),
    "a state that is none": (partial(with_part, name="state", value=None), "events[0].state: must be text"),
    "a short hash": (partial(with_part, name="path", value=["AA=="]), "events[0].path[0]: must be the base64 of 32 bytes"),
    "no hash": (partial(with_part, name="path", value=["é"]), "events[0].path[0]: must be the base64 of 32 bytes"),
    "too many hashes": (partial(with_part, name="path", value=[b64encode(bytes(32)).decode()] * 129), "events[0].path: has"),
    "no note": (partial(with_part, name="checkpoint", value="hello"), "is no signed note"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_proof_is_refused_in_one_line(log: Log, name: str) -> None:
    spoil, message = BAD[name]
    raw = log.proof(7).written()
    assert b'"position": 7' in raw
    assert b'"stream": "C-1"' in raw
    with pytest.raises(BadInput) as refused:
        read_proof(spoil(raw)).check(PUBLIC)
    assert str(refused.value).startswith(message)
    assert len(str(refused.value).splitlines()) == 1


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
PARTS: Final = st.sampled_from(
    ["kind", "events", "checkpoint", "path", "position", "recorded_at", "state", "stream", "topic", "version"]
)


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.builds(orjson.dumps, JSON))
def test_anything_at_all_is_refused_as_declared(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read_proof(raw)


@settings(max_examples=100)
@given(data=st.data())
def test_any_part_replaced_by_anything_is_refused_as_declared(log: Log, data: st.DataObject) -> None:
    raw = log.proof(7).written()
    spoiled = with_part(raw, data.draw(PARTS), data.draw(JSON))
    if spoiled != raw:
        with pytest.raises((BadInput, Fault)):
            read_proof(spoiled).check(PUBLIC)
