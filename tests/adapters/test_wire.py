"""What is stored stays readable: the golden bytes of every fact, strict reading, upcasters, any fact there and back.

``golden_wire.jsonl`` holds what each fact looked like when it first shipped. A line is never edited: a fact that has to
look different gets a new name. ``WRITE_GOLDEN=1`` adds the lines of names that have none yet.
"""

import itertools
import json
import os
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sampling import AnyValues, Samples

from adapters.mapper import WIRE, CaseMapper
from adapters.wire import Wire
from casecore import ApprovalGranted, BadInput, CaseAccepted, CaseClosed, CaseWithdrawn, Envelope, Fault, Limit, Source, Unit
from casecore.door import MAX_EVENT_BYTES
from casecore.fact import Fact, Older, fact
from casecore.kind import File
from casecore.kinds import FACTS, advance

GOLDEN: Final = Path(__file__).with_name("golden_wire.jsonl")
WRITE_VARIABLE: Final = "WRITE_GOLDEN"
HERE: Final = timezone(timedelta(hours=8))
CASE: Final = "510107-2025-000001"
NAMES: Final = sorted(WIRE.names)
FORMS: Final = ("full", "bare")
"""Everything filled in; only what has to be."""


# --- golden bytes ---


class Line(NamedTuple):
    """One line of the golden file."""

    name: str
    form: str
    state: str


def golden() -> dict[tuple[str, str], Line]:
    if not GOLDEN.exists():
        return {}
    lines = [Line(**json.loads(line)) for line in GOLDEN.read_text("utf-8").splitlines()]
    found = {(line.name, line.form): line for line in lines}
    assert len(found) == len(lines), "a name stands twice in the golden file"
    return found


def envelope(name: str, form: str) -> Envelope:
    """The one envelope of a name and form that the golden bytes were made of."""
    cls = WIRE.names[name]
    if form == "bare":
        return Envelope(CASE, 1, FILLED.bare(cls))
    return Envelope(CASE, 7, FILLED.full(cls), "命令-7", "一件事 2025/3", "cause-6", Source("hall export", "办件.csv", 12))


FILLED: Final = Samples(
    {
        datetime: lambda name: (
            datetime(2025, 3, 3, 9, 30, 15, 250_000, HERE) if name == "at" else datetime(2025, 3, 1, tzinfo=UTC)
        ),
        date: lambda _: date(2025, 3, 4),
        bool: lambda _: True,
        int: lambda _: 3,
        str: lambda name: f"{name} “办件” \\ \t€",
        Limit: lambda name: Limit.fixed(date(2025, 12, 31)) if name == "statutory" else Limit.working_days(10),
    },
    named=("{}", "{} 2"),
)
"""Values that show how the wire writes them."""


def test_the_golden_file_is_only_ever_added_to() -> None:
    known = golden()
    missing = [key for key in itertools.product(NAMES, FORMS) if key not in known]
    if os.environ.get(WRITE_VARIABLE) == "1":
        with GOLDEN.open("a", encoding="utf-8", newline="\n") as file:
            for name, form in missing:
                line = Line(name, form, WIRE.encode(envelope(name, form))[1].decode())
                file.write(json.dumps(line._asdict(), ensure_ascii=False) + "\n")
        missing = []
    assert not missing, f"no golden bytes; {WRITE_VARIABLE}=1 adds them"


def test_every_golden_name_is_one_the_wire_knows() -> None:
    assert {name for name, _ in golden()} == {*WIRE.names, *WIRE.superseded}
    assert {form for _, form in golden()} <= set(FORMS)


def test_every_fact_has_a_wire_name_and_only_one() -> None:
    assert list(WIRE.names.values()) == list(FACTS)
    assert len(WIRE.names) == len(FACTS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_fact_is_written_as_it_was_first_written(name: str, form: str) -> None:
    assert WIRE.encode(envelope(name, form)) == (name, golden()[name, form].state.encode())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_fact_is_read_as_it_was_first_written(name: str, form: str) -> None:
    expected = envelope(name, form)
    found = WIRE.decode(expected.stream, expected.version, name, golden()[name, form].state.encode())
    assert found == expected
    assert found.event.at.isoformat() == expected.event.at.isoformat()


def plain_plan(data: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan of before there was 初审."""
    return [{**step, "preliminary": False} for step in data["plan"]]


NO_MATERIALS: Final[dict[str, Any]] = {"materials": [], "licence_materials": []}
NO_KIND: Final[dict[str, Any]] = {"item_type": None, "licence_law": True}
NO_CODE: Final[dict[str, Any]] = {**NO_KIND, "implementation_code": None}
ADDED: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "case.received.v1": lambda _: {"licence_expires_on": None, **NO_KIND},
    "case.received.v2": lambda _: NO_KIND,
    "case.accepted.v1": lambda old: {"plan": plain_plan(old), **NO_MATERIALS, **NO_CODE},
    "case.accepted.v2": lambda _: {**NO_MATERIALS, **NO_CODE},
    "case.accepted.v3": lambda _: NO_CODE,
    "case.acceptance_deemed.v1": lambda _: {**NO_MATERIALS, **NO_CODE},
    "case.acceptance_deemed.v2": lambda _: NO_CODE,
    "case.correction_submitted.v1": lambda _: {"channel": None},
    "case.extension_approved.v1": lambda _: {"authority": None},
    "case.decision_made.v1": lambda _: {"automatic": False},
    "case.certificate_made.v1": lambda _: {"electronic": False, "conditional": False, "valid_until": None},
    "case.courier_dispatched.v1": lambda _: {"charge_fen": 0},
    "case.rated.v1": lambda _: {"step": None, "channel": None, "real_name": False, "rectify_within": None},
    "package.member_suspended.v1": lambda _: {"moves_statutory": True},
    "district.rule_adopted.v1": lambda old: {"rule": {**old["rule"], "refusal_ends_review": False}},
    "case.trip_made.v1": lambda _: {"agent": None, "device": None, "hall": None, "id_hash": None},
    "case.trip_made.v2": lambda _: {"hall": None},
}
"""What a superseded form says that it did not say then."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sorted(WIRE.superseded))
def test_a_superseded_form_is_read_as_what_it_means_now(name: str, form: str) -> None:
    old = json.loads(golden()[name, form].state)
    found = WIRE.decode(CASE, 1, name, golden()[name, form].state.encode())
    topic, now = WIRE.plain(found.event)
    assert topic in WIRE.names
    assert topic[:-1] == name[:-1]
    added = ADDED[name](old["data"])
    assert now == {**old["data"], **added}


@pytest.mark.parametrize("name", sorted({*WIRE.names, *WIRE.superseded}))
def test_whatever_was_ever_shipped_is_read_and_folded(name: str) -> None:
    file: File | None = None
    for version, form in enumerate(FORMS, 1):
        file = advance(file, WIRE.decode(CASE, version, name, golden()[name, form].state.encode()).event)
        assert file.version == version


@pytest.mark.parametrize("name", NAMES)
def test_the_full_form_fills_everything_and_the_bare_one_nothing_it_need_not(name: str) -> None:
    full, bare = (json.loads(golden()[name, form].state) for form in FORMS)
    assert full.keys() == {"at", "by", "causation_id", "command_id", "correlation_id", "data", "source"}
    assert bare.keys() == {"at", "by", "data"}
    assert full["data"].keys() == bare["data"].keys()
    assert None not in full["data"].values()


# --- the canonical form ---


def keys_in_order(state: bytes) -> Iterator[list[str]]:
    found: list[list[str]] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found.append([key for key, _ in pairs])
        return dict(pairs)

    json.loads(state, object_pairs_hook=keep)
    yield from found


@pytest.mark.parametrize("name", NAMES)
def test_the_keys_are_sorted_at_every_depth(name: str) -> None:
    found = list(keys_in_order(WIRE.encode(envelope(name, "full"))[1]))
    assert len(found) >= 3
    for keys in found:
        assert keys == sorted(keys)


def test_the_bytes_hold_no_blanks_and_text_as_it_is() -> None:
    event = CaseWithdrawn(at=datetime(2025, 3, 3, 9, tzinfo=HERE), by="李雷", reason="改主意 \U0001f409")
    assert WIRE.encode(Envelope(CASE, 1, event)) == (
        "case.withdrawn.v1",
        '{"at":"2025-03-03T09:00:00+08:00","by":"李雷","data":{"reason":"改主意 \U0001f409"}}'.encode(),
    )


def test_an_instant_of_local_mean_time_is_kept_to_the_second() -> None:
    at = datetime(1900, 1, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert at.utcoffset() == timedelta(hours=8, minutes=5, seconds=43)
    told = Envelope(CASE, 1, CaseWithdrawn(at=at, by="x", reason="an old spreadsheet's empty date"))
    assert WIRE.decode(CASE, 1, *WIRE.encode(told)) == told


def test_people_read_a_facts_own_fields_as_plain_values() -> None:
    name, plain = WIRE.plain(FILLED.bare(CaseClosed))
    assert (name, plain) == ("case.closed.v1", {"forwarded_to": None, "outcome": 0, "reason": None})
    assert WIRE.plain(FILLED.full(CaseAccepted))[1]["statutory"] == {
        "amount": 0,
        "due_on": "2025-12-31",
        "unit": "fixed_date",
    }


def test_the_librarys_mapper_speaks_the_wire_and_nothing_else() -> None:
    mapper = CaseMapper(None)  # type: ignore[arg-type] # it needs no transcoder
    for name in NAMES:
        stored = mapper.to_stored_event(envelope(name, "full"))
        assert (stored.originator_id, stored.originator_version) == (CASE, 7)
        assert (stored.topic, stored.state) == WIRE.encode(envelope(name, "full"))
        assert mapper.to_domain_event(stored) == envelope(name, "full")


# --- what is too large ---


def withdrawn(size: int) -> Envelope:
    """A fact that takes exactly so many bytes."""
    event = CaseWithdrawn(at=datetime(2025, 3, 3, 9, tzinfo=HERE), by="x", reason="")
    room = size - len(WIRE.encode(Envelope(CASE, 1, event))[1])
    return Envelope(CASE, 1, CaseWithdrawn(at=event.at, by="x", reason="x" * room))


def test_a_fact_of_64_kib_is_written_and_one_byte_more_is_bad_input() -> None:
    assert MAX_EVENT_BYTES == 65_536
    assert len(WIRE.encode(withdrawn(MAX_EVENT_BYTES))[1]) == MAX_EVENT_BYTES
    with pytest.raises(BadInput, match=f"{CASE}.*65537"):
        WIRE.encode(withdrawn(MAX_EVENT_BYTES + 1))


def test_what_is_written_holds_no_more_memory_than_it_has_bytes() -> None:
    tracemalloc.start()
    kept = [WIRE.encode(withdrawn(300))[1] for _ in range(1000)]
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert {len(state) for state in kept} == {300}
    assert held < 1000 * 500


# --- what cannot be read ---


ROUTED: Final = "case.routed.v1"
ACCEPTED: Final = "case.accepted.v4"
CLOSED: Final = "case.closed.v1"


def record(name: str, form: str = "full") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(WIRE.encode(envelope(name, form))[1])
    return found


def read(name: str, state: object) -> Envelope:
    raw = state if isinstance(state, bytes) else json.dumps(state, ensure_ascii=False).encode()
    return WIRE.decode("case-9", 12, name, raw)


@pytest.mark.parametrize("name", ["case.routed.v2", "case.routed", "", "casecore.case.events:CaseRouted"])
def test_an_unknown_name_is_a_fault_naming_stream_version_and_name(name: str) -> None:
    with pytest.raises(Fault, match=f"case-9 version 12: unknown event name {name}"):
        read(name, record(ROUTED))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\x00\xff",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{}",
        b'{"data":{}}',
        b'{"at":1}',
        b"[" * 5000,
        b'{"data":' * 100_000 + b"}" * 100_000,
    ],
)
def test_bytes_that_are_no_record_are_a_fault_naming_stream_and_version(raw: bytes) -> None:
    with pytest.raises(Fault, match=f"case-9 version 12: {ROUTED} cannot be read"):
        read(ROUTED, raw)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        pytest.param(ROUTED, lambda r: r.pop("at"), id="no instant"),
        pytest.param(ROUTED, lambda r: r.pop("by"), id="no actor"),
        pytest.param(ROUTED, lambda r: r.pop("data"), id="no fields"),
        pytest.param(ROUTED, lambda r: r.update(data=None), id="fields are null"),
        pytest.param(ROUTED, lambda r: r.update(data=[]), id="fields are a list"),
        pytest.param(ROUTED, lambda r: r.update(at="yesterday"), id="an instant that is none"),
        pytest.param(ROUTED, lambda r: r.update(at=7), id="an instant that is a number"),
        pytest.param(ROUTED, lambda r: r["source"].pop("line"), id="half a source"),
        pytest.param(ROUTED, lambda r: r.update(source="cases.csv"), id="a source that is a text"),
        pytest.param(ROUTED, lambda r: r.update(colour="red"), id="a record with more to it"),
        pytest.param(ROUTED, lambda r: r["data"].pop("step"), id="a field is missing"),
        pytest.param(ROUTED, lambda r: r["data"].update(stage="x"), id="a field nobody knows"),
        pytest.param(ROUTED, lambda r: r["data"].update(at="2025-03-03T09:00:00+08:00"), id="an instant in the fields"),
        pytest.param(CLOSED, lambda r: r["data"].update(outcome=7), id="a code that is not in its table"),
        pytest.param(CLOSED, lambda r: r["data"].update(outcome="0"), id="a code that is a text"),
        pytest.param(ACCEPTED, lambda r: r["data"].update(handling="swift"), id="a word that is not in its list"),
        pytest.param(ACCEPTED, lambda r: r["data"].update(handling=["instant"]), id="a word that is a list"),
        pytest.param(ACCEPTED, lambda r: r["data"].update(effective_on="2025-02-30"), id="a day that is none"),
        pytest.param(ACCEPTED, lambda r: r["data"].update(plan=7), id="a plan that is a number"),
        pytest.param(ACCEPTED, lambda r: r["data"]["promised"].pop("unit"), id="a limit without its unit"),
        pytest.param(ACCEPTED, lambda r: r["data"]["promised"].update(unit="moon"), id="a limit in an unknown unit"),
        pytest.param(ACCEPTED, lambda r: r["data"]["promised"].update(amount=-1), id="a limit below nothing"),
        pytest.param(ACCEPTED, lambda r: r["data"]["promised"].update(colour="red"), id="a limit with more to it"),
        pytest.param(ACCEPTED, lambda r: r["data"]["plan"][0].pop("step"), id="a step without its name"),
        pytest.param(ACCEPTED, lambda r: r["data"]["plan"][0].update(colour="red"), id="a step with more to it"),
    ],
)
def test_a_record_that_is_not_what_it_must_be_is_a_fault(name: str, spoil: Callable[[dict[str, Any]], object]) -> None:
    sound = record(name)
    assert read(name, sound).event == envelope(name, "full").event
    spoil(sound)
    with pytest.raises(Fault, match=f"case-9 version 12: {name} cannot be read"):
        read(name, sound)


def test_an_optional_field_that_was_never_written_has_its_default() -> None:
    granted = record("case.approval_granted.v1")
    del granted["data"]["opinion"]
    event = read("case.approval_granted.v1", granted).event
    assert isinstance(event, ApprovalGranted)
    assert event.opinion is None


# --- upcasters ---


def street_and_town(data: Mapping[str, Any]) -> dict[str, Any]:
    street, _, town = data["address"].partition(", ")
    return {"street": street, "town": town}


def address(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"address": data["to"]}


@fact("post.posted.v2", "投邮", older=(Older("post.posted.v0", address), Older("post.posted.v1", street_and_town)))
class Posted(Fact):
    """A fact as it is written today."""

    street: str
    town: str


@fact("post.posted.v3", "投邮", older=(Older("post.posted.v2"),))
class PostedAnew(Fact):
    """A fact that takes another's present name for an old one of its own."""


@fact("post.posted.v2", "投邮")
class PostedTwice(Fact):
    """A fact under another's name."""


POST: Final = Wire((Posted,))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("post.posted.v0", {"to": "Main Street 1, Chengdu"}),
        ("post.posted.v1", {"address": "Main Street 1, Chengdu"}),
        ("post.posted.v2", {"street": "Main Street 1", "town": "Chengdu"}),
    ],
)
def test_an_old_form_is_brought_up_to_date_in_as_many_steps_as_it_takes(name: str, data: dict[str, Any]) -> None:
    state = json.dumps({"at": "2025-03-03T09:00:00+08:00", "by": "wang", "command_id": "k1", "data": data}).encode()
    found = POST.decode(CASE, 3, name, state)
    at = datetime(2025, 3, 3, 9, tzinfo=HERE)
    assert found == Envelope(CASE, 3, Posted(at=at, by="wang", street="Main Street 1", town="Chengdu"), "k1")
    assert POST.encode(found)[0] == "post.posted.v2"


def test_an_upcaster_that_cannot_read_an_old_form_is_a_fault_naming_stream_and_version() -> None:
    state = b'{"at":"2025-03-03T09:00:00+08:00","by":"wang","data":{"from":"here"}}'
    with pytest.raises(Fault, match=f"{CASE} version 3: post.posted.v0 cannot be read"):
        POST.decode(CASE, 3, "post.posted.v0", state)


def test_a_name_both_current_and_superseded_is_a_fault_at_start() -> None:
    with pytest.raises(Fault, match=r"post\.posted\.v2 is both current and superseded"):
        Wire((Posted, PostedAnew))


def test_two_facts_of_one_name_are_a_fault_at_start() -> None:
    with pytest.raises(Fault, match="two facts bear one name"):
        Wire((Posted, PostedTwice))


# --- any fact ---

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ZONES: Final = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS: Final = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001
DAYS: Final = st.dates()
WHOLE: Final = st.integers(-(2**53), 2**53)
LIMITS: Final = st.one_of(
    st.builds(Limit, st.integers(0, 2**53), st.sampled_from([unit for unit in Unit if unit is not Unit.FIXED_DATE])),
    st.builds(Limit.fixed, DAYS),
)
EVENTS: Final = AnyValues(
    {str: TEXT, datetime: INSTANTS, date: DAYS, bool: st.booleans(), int: WHOLE, Limit: LIMITS}
).one_of(WIRE.names.values())
OPTIONAL_IDS: Final = st.none() | TEXT
SOURCES: Final = st.none() | st.builds(Source, TEXT, TEXT, WHOLE)
ENVELOPES: Final = st.builds(
    Envelope, st.just(CASE), st.integers(1, 2**53), EVENTS, OPTIONAL_IDS, OPTIONAL_IDS, OPTIONAL_IDS, SOURCES
)


@given(ENVELOPES)
def test_any_fact_comes_back_as_it_was_and_is_written_the_same_again(given_one: Envelope) -> None:
    name, state = WIRE.encode(given_one)
    found = WIRE.decode(given_one.stream, given_one.version, name, state)
    assert found == given_one
    assert type(found.event) is type(given_one.event)
    assert found.event.at.isoformat() == given_one.event.at.isoformat()
    assert WIRE.encode(found) == (name, state)
    assert Wire().encode(given_one) == (name, state)


@given(ENVELOPES)
def test_any_facts_keys_are_sorted_at_every_depth(given_one: Envelope) -> None:
    for keys in keys_in_order(WIRE.encode(given_one)[1]):
        assert keys == sorted(keys)


JSON: Final = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["at", "by", "command_id", "data", "source", "step"]), inner)
    ),
)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()), st.sampled_from(NAMES))
def test_any_bytes_are_read_or_a_fault(raw: bytes, name: str) -> None:
    try:
        found = WIRE.decode(CASE, 1, name, raw)
    except Fault as fault:
        assert str(fault).startswith(f"{CASE} version 1: ")  # noqa: PT017 - most bytes are a fault, few are not
    else:
        assert type(found.event) is WIRE.names[name]
