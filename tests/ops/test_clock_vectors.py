"""``casecore clock``: a file of worked cases held to the clocks, and files of worked cases drawn."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import BadInput, Flaw
from ops.conformance.checking import Agreement, check_vectors
from ops.conformance.drawing import draw_vectors, working_days
from ops.conformance.lines import MOST_BYTES, read_vector, write_vector
from ops.conformance.walker import walk

CASECORE: Final = Path(sys.executable).parent / "casecore"
CALENDARS: Final = shipped_calendars()
CN: Final = CALENDARS[NATIONAL]
CASE: Final[dict[str, Any]] = {
    "accepted_on": "2026-03-02",
    "limit_days": 10,
    "procedures": [
        {"start_on": "2026-03-05", "end_on": "2026-03-12", "declared_days": 3},
        {"start_on": "2026-02-27", "end_on": None, "declared_days": 3},
    ],
    "extension": {"approved_on": "2026-03-20", "days": 5},
    "closed_on": "2026-03-24",
    "as_of": "2026-03-24",
    "expect": {
        "due_on": "2026-03-19",
        "excluded_days": 3,
        "extension_days": 0,
        "used_days": 13,
        "remaining_days": -3,
        "verdict": "overdue",
        "ignored": ["procedure 1: before acceptance", "extension: after the deadline"],
    },
}
"""Ten days that three declared ones moved to the 19th; what was approved on the 20th came too late."""


def a_case(**changes: Any) -> dict[str, Any]:
    return CASE | changes


def expecting(**changes: Any) -> dict[str, Any]:
    return a_case(expect=CASE["expect"] | changes)


def line_of(case: object) -> bytes:
    return case if isinstance(case, bytes) else json.dumps(case, ensure_ascii=False).encode()


def checked(*cases: object) -> Agreement:
    return check_vectors(enumerate(map(line_of, cases), 1), CN)


class Ran:
    """One run of the command."""

    def __init__(self, *arguments: object, folder: Path, given: bytes = b"") -> None:
        command = [CASECORE, "clock", *map(str, arguments)]
        done = subprocess.run(command, cwd=folder, input=given, capture_output=True, timeout=120, check=False)
        self.code, self.raw = done.returncode, done.stdout
        self.out, self.err = done.stdout.decode(), done.stderr.decode()


def written(folder: Path, *cases: object, name: str = "cases.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(line_of(case) + b"\n" for case in cases))
    return path


# --- Checking ---


def test_a_case_answered_as_expected_agrees() -> None:
    found = checked(CASE)
    assert (found.cases, found.agreeing, found.full) == (1, 1, True)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("due_on", "2026-03-20"),
        ("excluded_days", 5),
        ("extension_days", 5),
        ("used_days", 12),
        ("remaining_days", -2),
        ("verdict", "on_time"),
        ("ignored", ["procedure 1: before acceptance"]),
    ],
)
def test_a_difference_in_any_one_field_is_found_and_named(field: str, wrong: object) -> None:
    found = checked(CASE, expecting(**{field: wrong}), CASE)
    assert (found.cases, found.agreeing, found.full) == (3, 2, False)
    (difference,) = found.differences
    assert difference.line == 2
    assert list(difference.fields) == [field]


def test_the_order_of_ignored_acts_is_part_of_the_answer() -> None:
    assert not checked(expecting(ignored=CASE["expect"]["ignored"][::-1])).full


def test_provisional_due_dates_are_counted() -> None:
    late = a_case(accepted_on="2026-12-21", procedures=[], extension=None, closed_on=None, as_of="2026-12-21")
    found = checked(CASE, late)
    assert (found.cases, found.provisional) == (2, 1)
    assert found.differences[0].fields["due_on"][1].isoformat() == "2027-01-04"


A_PROCEDURE: Final = CASE["procedures"][0]


@pytest.mark.parametrize(
    ("bad", "code", "place"),
    [
        pytest.param(b"\xff", Flaw.NOT_UTF8, "", id="bytes"),
        pytest.param(b"{", Flaw.NOT_JSON, "", id="half an object"),
        pytest.param(b'{"limit_days":' + b"9" * 5000 + b"}", Flaw.NOT_JSON, "", id="thousands of digits"),
        pytest.param(b"[" * 60_000, Flaw.TOO_DEEP, "", id="a well"),
        pytest.param(b" " * (MOST_BYTES + 1), Flaw.TOO_LARGE, "", id="a long line"),
        pytest.param([CASE], Flaw.WRONG_TYPE, "", id="a list"),
        pytest.param(b'{"as_of":1,"as_of":2}', Flaw.DUPLICATE_KEY, "'as_of'", id="a key twice"),
        pytest.param(a_case(colour="red"), Flaw.UNKNOWN_FIELD, "'colour'", id="unknown key"),
        pytest.param(rb'{"\ud800":1}', Flaw.UNKNOWN_FIELD, r"'\ud800'", id="a key that is no text"),
        pytest.param({k: v for k, v in CASE.items() if k != "extension"}, Flaw.MISSING_FIELD, "extension", id="missing"),
        pytest.param(a_case(accepted_on="2026-3-2"), Flaw.WRONG_TYPE, "accepted_on", id="a date of another form"),
        pytest.param(a_case(accepted_on="2026-02-30"), Flaw.WRONG_TYPE, "accepted_on", id="no day of the year"),
        pytest.param(a_case(accepted_on=None), Flaw.WRONG_TYPE, "accepted_on", id="null where a date is wanted"),
        pytest.param(a_case(limit_days="10"), Flaw.WRONG_TYPE, "limit_days", id="a number in quotes"),
        pytest.param(a_case(limit_days=True), Flaw.WRONG_TYPE, "limit_days", id="true for one"),
        pytest.param(a_case(limit_days=10.0), Flaw.WRONG_TYPE, "limit_days", id="not whole"),
        pytest.param(a_case(limit_days=-1), Flaw.NUMBER_OUT_OF_RANGE, "limit_days", id="negative"),
        pytest.param(a_case(limit_days=5001), Flaw.NUMBER_OUT_OF_RANGE, "limit_days", id="a limit of twenty years"),
        pytest.param(a_case(procedures=None), Flaw.WRONG_TYPE, "procedures", id="null for no procedures"),
        pytest.param(a_case(procedures=[5]), Flaw.WRONG_TYPE, "procedures[0]", id="a procedure of five"),
        pytest.param(
            a_case(procedures=[A_PROCEDURE, A_PROCEDURE | {"kind": "hearing"}]),
            Flaw.UNKNOWN_FIELD,
            "procedures[1].'kind'",
            id="unknown key of a procedure",
        ),
        pytest.param(
            a_case(procedures=[A_PROCEDURE | {"declared_days": None}]),
            Flaw.WRONG_TYPE,
            "procedures[0].declared_days",
            id="nothing declared",
        ),
        pytest.param(
            a_case(procedures=[A_PROCEDURE | {"end_on": "2026-03-04"}]),
            Flaw.CONTRADICTION,
            "procedures[0].end_on",
            id="ended before it started",
        ),
        pytest.param(
            a_case(extension={"approved_on": "2026-03-20"}), Flaw.MISSING_FIELD, "extension.days", id="half an extension"
        ),
        pytest.param(a_case(as_of="2026-03-25"), Flaw.CONTRADICTION, "as_of", id="closed on another day"),
        pytest.param(a_case(closed_on=None, as_of="2026-03-01"), Flaw.CONTRADICTION, "as_of", id="asked before acceptance"),
        pytest.param(a_case(accepted_on="2003-12-31"), Flaw.INSTANT_OUT_OF_RANGE, "accepted_on", id="before the calendar"),
        pytest.param(
            a_case(closed_on=None, as_of="2027-01-01"), Flaw.INSTANT_OUT_OF_RANGE, "as_of", id="after the calendar"
        ),
        pytest.param(
            a_case(procedures=[A_PROCEDURE | {"end_on": "2027-01-01"}]),
            Flaw.INSTANT_OUT_OF_RANGE,
            "procedures[0].end_on",
            id="a procedure that leaves the calendar",
        ),
        pytest.param(
            a_case(extension={"approved_on": "2027-01-01", "days": 5}),
            Flaw.INSTANT_OUT_OF_RANGE,
            "extension.approved_on",
            id="an extension after the calendar",
        ),
        pytest.param(a_case(limit_days=5000), Flaw.OUTSIDE_CALENDAR, "", id="due where nothing is assumed"),
        pytest.param(expecting(verdict="late"), Flaw.UNKNOWN_WORD, "expect.verdict", id="no verdict there is"),
        pytest.param(expecting(used_days=2**60), Flaw.NUMBER_OUT_OF_RANGE, "expect.used_days", id="no JSON number"),
        pytest.param(expecting(ignored=[5]), Flaw.WRONG_TYPE, "expect.ignored[0]", id="no text"),
    ],
)
def test_a_line_that_holds_no_case_is_named_and_the_good_ones_count(bad: object, code: Flaw, place: str) -> None:
    found = checked(CASE, bad, CASE)
    assert (found.cases, found.agreeing, found.full) == (2, 2, False)
    assert [(line.line, line.code, line.place) for line in found.bad_lines] == [(2, code, place)]


def test_nothing_to_check_is_no_agreement() -> None:
    with pytest.raises(BadInput, match="no case to check") as refused:
        checked()
    assert refused.value.code is Flaw.NO_FACT


# --- Drawing ---


@pytest.mark.parametrize("version", sorted(CALENDARS))
def test_what_is_drawn_is_read_back_as_it_was_and_agrees(version: str) -> None:
    calendar = CALENDARS[version]
    vectors = list(draw_vectors(5, 500, working_days(calendar), calendar.covers))
    lines = [write_vector(vector).encode() for vector in vectors]

    assert [read_vector(line, calendar.covers) for line in lines] == vectors
    found = check_vectors(enumerate(lines, 1), calendar)
    assert (found.cases, found.full) == (500, True)


def test_the_worked_cases_are_written_as_they_were_read(shared_data: Path) -> None:
    lines = (shared_data / "vectors" / "clock.jsonl").read_text("utf-8").splitlines()
    assert [write_vector(read_vector(line.encode(), CN.covers)) for line in lines] == lines


def test_a_calendar_of_one_day_has_room_for_cases_decided_at_once() -> None:
    day = CN.covers[0]
    for case, answer in draw_vectors(1, 5, frozenset(), (day, day)):
        assert (case.accepted_on, case.limit_days, case.as_of, answer.due_on) == (day, 0, day, day)


# --- The command line ---


def test_check_prints_how_many_agree(tmp_path: Path) -> None:
    written(tmp_path, CASE, b"", CASE)
    ran = Ran("check", "cases.jsonl", folder=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"2 of 2 cases agree, calendar {NATIONAL}\n"


def test_check_reads_standard_input_and_windows_line_ends(tmp_path: Path) -> None:
    ran = Ran("check", "-", folder=tmp_path, given=line_of(CASE) + b"\r\n" + line_of(CASE))
    assert (ran.code, ran.out) == (0, f"2 of 2 cases agree, calendar {NATIONAL}\n")


def test_check_prints_ten_differences_field_by_field_and_how_many_more(tmp_path: Path) -> None:
    written(tmp_path, CASE, *[expecting(due_on="2026-03-20", ignored=[])] * 12)
    ran = Ran("check", "cases.jsonl", folder=tmp_path)
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0] == f"1 of 13 cases agree, calendar {NATIONAL}"
    assert lines[1:4] == [
        "line 2 differs:",
        "  due_on: expected 2026-03-20, found 2026-03-19",
        "  ignored: expected [], found [procedure 1: before acceptance; extension: after the deadline]",
    ]
    assert sum(line.endswith("differs:") for line in lines) == 10
    assert lines[-1] == "  … and 2 more differences; --json lists all"


def test_check_names_every_bad_line_and_still_counts_the_good_ones(tmp_path: Path) -> None:
    written(tmp_path, CASE, b"no case", a_case(colour="red"), CASE)
    ran = Ran("check", "cases.jsonl", folder=tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines()[:2] == [f"2 of 2 cases agree, calendar {NATIONAL}", "2 lines hold no case:"]
    assert "  line 2: not_json: is not JSON:" in ran.out
    assert "  line 3: unknown_field: 'colour': no such field" in ran.out


def test_check_says_how_many_due_dates_are_provisional(tmp_path: Path) -> None:
    late = a_case(accepted_on="2026-12-21", procedures=[], extension=None, closed_on=None, as_of="2026-12-21")
    written(tmp_path, CASE, late)
    assert "1 due date is provisional" in Ran("check", "cases.jsonl", folder=tmp_path).out


def test_check_as_json_lists_all(tmp_path: Path) -> None:
    written(tmp_path, CASE, *[expecting(due_on="2026-03-20")] * 12, *[b"{}"] * 12)
    ran = Ran("check", "cases.jsonl", "--json", folder=tmp_path)
    assert ran.code == 1
    plain = json.loads(ran.out)
    assert (plain["calendar_version"], plain["cases"], plain["agreeing"], plain["provisional"]) == (NATIONAL, 13, 1, 0)
    assert len(plain["differences"]) == len(plain["bad_lines"]) == 12
    assert plain["differences"][0] == {
        "line": 2,
        "fields": {"due_on": {"expected": "2026-03-20", "found": "2026-03-19"}},
    }
    assert plain["bad_lines"][0] == {"line": 14, "code": "missing_field", "place": "accepted_on", "message": "missing"}


def test_check_holds_a_file_to_another_calendar(tmp_path: Path) -> None:
    assert (
        Ran("vectors", "--seed", 3, "--count", 50, "--calendar", "weekdays-nl.1", "--out", "nl", folder=tmp_path).code == 0
    )
    assert Ran("check", "nl", "--calendar", "weekdays-nl.1", folder=tmp_path).code == 0
    assert Ran("check", "nl", folder=tmp_path).code == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("check", "gone.jsonl"), "gone.jsonl: there is no such file"),
        (("check", "empty.jsonl"), "there is no case to check"),
        (("check", "cases.jsonl", "--calendar", "cn-1949"), "--calendar: 'cn-1949' is none of"),
        (("vectors", "--seed", "1", "--count", "5", "--calendar", "cn-1949"), "--calendar: 'cn-1949' is none of"),
        (("vectors", "--seed", "1", "--count", "0"), "--count"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    written(tmp_path, CASE)
    (tmp_path / "empty.jsonl").touch()
    ran = Ran(*arguments, folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err


def test_vectors_are_the_same_from_the_same_seed_and_agree(tmp_path: Path) -> None:
    for name in ("one", "two"):
        ran = Ran("vectors", "--seed", 7, "--count", 300, "--out", name, folder=tmp_path)
        assert (ran.code, ran.out) == (0, f"{name}: 300 cases, calendar {NATIONAL}\n")
    other = Ran("vectors", "--seed", 8, "--count", 300, folder=tmp_path)
    one, two = ((tmp_path / name).read_bytes() for name in ("one", "two"))

    assert one == two != other.raw
    assert one.count(b"\n") == other.raw.count(b"\n") == 300
    assert Ran("check", "one", folder=tmp_path).out == f"300 of 300 cases agree, calendar {NATIONAL}\n"
    assert Ran("check", "-", folder=tmp_path, given=other.raw).code == 0


def test_vectors_are_answered_by_the_walker(tmp_path: Path) -> None:
    working = working_days(CN)
    for line in Ran("vectors", "--seed", 9, "--count", 100, folder=tmp_path).raw.splitlines():
        vector = read_vector(line, CN.covers)
        assert walk(vector.case, working, CN.covers[1]) == vector.expect
