"""One command id is one command: the same content gets the first receipt, other content is refused, on every way in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from support.package_story import BOOKS, PACKAGE, Hall, case, opening
from support.story import CASE as NUMBER
from support.story import CATALOGUE, CLERK, FOOD, HALL, OFFICER, ask, fact, moment, received
from typer.testing import CliRunner

from adapters import open_engine, read_command
from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk
from casecore import (
    AdoptBooks,
    ApplicantKind,
    Command,
    CompleteStep,
    CorrectOnSpot,
    DistrictRule,
    GivenMaterial,
    Reason,
    Receipt,
    ReceiveCase,
    RecordTrip,
    Refused,
    StepCompleted,
    Visit,
)
from casecore.fingerprint import command_fingerprint
from casecore.histories import History
from casecore.recorded import Source
from casecore.vocabulary import Cause, MaterialWay
from ops.cli import app

DISTRICT = "510107"
RECEIVE = ask(ReceiveCase, "03-02 09:00", item=FOOD, hall=HALL, applicant_kind=ApplicantKind.PERSON)
TRIP = ask(RecordTrip, "03-04 09:00", visit="V-4", cause=Cause.CORRECT, command_id="k")
STEP = ask(CompleteStep, "03-04 09:00", name="survey", started_at=moment("03-03 09:00"), command_id="k")
SPOT = ask(CorrectOnSpot, "03-02 10:00", materials=("form",), command_id="k")

OTHERS: tuple[tuple[Command, Command], ...] = (
    (TRIP, replace(TRIP, visit="V-5")),
    (TRIP, replace(TRIP, at=moment("03-05 09:00"))),
    (TRIP, replace(TRIP, cause=Cause.COLLECT)),
    (STEP, replace(STEP, by="another officer")),
    (STEP, replace(STEP, started_at=None)),
    (STEP, replace(STEP, department="Fire")),
    (SPOT, replace(SPOT, materials=("form", "licence"))),
)


def named(pair: tuple[Command, Command]) -> str:
    first, other = pair
    (changed,) = (one.name for one in fields(first) if getattr(first, one.name) != getattr(other, one.name))
    return f"{type(first).__name__}, {changed}"


@pytest.fixture(params=["memory", "sqlite"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DistrictEngine]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/hall.db"
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        assert isinstance(engine.handle(RECEIVE), Receipt)
        yield engine


Way = Callable[[DistrictEngine, Command], Any]
WAYS: dict[str, Way] = {
    "handle": lambda hall, command: hall.handle(command),
    "handle_many": lambda hall, command: hall.handle_many([command]),
    "handle_many, after another": lambda hall, command: hall.handle_many(
        [ask(CompleteStep, "03-06 09:00", name="x"), command]
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pair", OTHERS, ids=map(named, OTHERS))
def test_other_content_under_a_used_id_is_refused_and_nothing_written(
    hall: DistrictEngine, pair: tuple[Command, Command], way: str
) -> None:
    first, other = pair
    receipt = hall.handle(first)
    head = hall.log.head()

    refused = WAYS[way](hall, other)

    assert refused == Refused(Reason.COMMAND_ID_REUSED, "k", other.stream, type(other).__name__)
    assert hall.log.head() == head
    assert hall.handle(first) == receipt


def test_the_offset_and_the_trace_of_a_retry_are_not_its_content(hall: DistrictEngine) -> None:
    receipt = hall.handle(STEP)
    at, began = (one.astimezone(UTC) for one in (moment("03-04 09:00"), moment("03-03 09:00")))

    assert isinstance(receipt, Receipt)
    assert hall.handle(replace(STEP, at=at, started_at=began, correlation_id="c", causation_id="second try")) == receipt


def test_a_field_at_its_default_says_nothing_so_that_one_added_later_changes_no_fingerprint() -> None:
    plain = ReceiveCase(case="C", by="w", at=datetime(2026, 3, 2, tzinfo=UTC), hall="H")
    filled = replace(plain, item=None, visit=None, given=(), materials=())
    paper = GivenMaterial(material="form", way=MaterialWay.PAPER)

    assert command_fingerprint(plain) == command_fingerprint(filled)
    assert command_fingerprint(replace(plain, given=(paper,))) == command_fingerprint(
        replace(plain, given=(GivenMaterial(material="form"),))
    )
    # Never edited: what was written under these is retried under them.
    assert command_fingerprint(plain) == "9006601d73b1f30073c203e990487cc5f0e29ec943b12bf3eb9a9fe3b8ff5917"
    assert (
        command_fingerprint(replace(plain, visit=Visit(visit="V-1"), given=(paper,)))
        == "3c62e2ec21c2a09aeb220fb516836c68b23d0fdeb50014099dd4680c0e54df0d"
    )


def test_other_books_under_the_id_of_an_adoption_are_not_adopted_and_said_to_be() -> None:
    ours = AdoptBooks(district=DISTRICT, by=CLERK, command_id="k", rule=DistrictRule(name="ours"), from_on=date(2030, 6, 3))
    other = replace(ours, rule=DistrictRule(name="ours", rectify_days=7))
    with open_engine("memory:", district=DISTRICT) as hall:
        receipt = hall.handle(ours)

        assert isinstance(receipt, Receipt)
        assert hall.handle(ours) == receipt
        assert hall.handle(other) == Refused(Reason.COMMAND_ID_REUSED, "k", ours.stream, "AdoptBooks")
        assert isinstance(hall.handle(replace(other, command_id="another")), Receipt)


def test_commands_of_one_transaction_are_told_apart_by_their_own_ids(hall: DistrictEngine) -> None:
    steps = [replace(STEP, name=name, command_id=f"k-{name}") for name in ("a", "b", "c")]
    first = hall.handle_many(steps)

    assert hall.handle_many(steps) == first
    assert hall.handle_many(steps[::-1]) == tuple(reversed(first))
    refused = hall.handle_many([steps[0], replace(steps[1], name="z"), steps[2]])
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.named) == (Reason.COMMAND_ID_REUSED, "k-b")


def test_an_id_of_an_import_answers_no_command_and_keeps_none_from_being_told(hall: DistrictEngine) -> None:
    step = fact(StepCompleted, "03-04 09:00", name="survey", started_at=moment("03-03 09:00"))
    hall.record([History(NUMBER, "k", (step,), Source("steps", "steps.csv", 1), continues=True)])
    head = hall.log.head()

    assert hall.handle(STEP) == Refused(Reason.COMMAND_ID_REUSED, "k", NUMBER, "CompleteStep")
    assert hall.log.head() == head
    assert isinstance(hall.handle(replace(STEP, command_id="another")), Receipt)


def test_the_id_of_what_followed_answers_no_command_of_the_same_kind_there() -> None:
    hall = Hall().does(replace(opening(coffee="no", tax="no"), command_id="k"))
    (opened, *_) = [one.event for one in hall.engine.history(case(BOOKS))]
    other = ReceiveCase(case=case(BOOKS), by=CLERK, at=opened.at, hall="another hall", command_id="k/1")

    refused = hall.refuses(other)

    assert (refused.reason, refused.named, refused.case) == (Reason.COMMAND_ID_REUSED, "k/1", case(BOOKS))
    assert hall.engine.package(PACKAGE).version > 0


def test_of_two_desks_at_once_with_one_id_one_is_carried_out_and_one_refused(hall: DistrictEngine) -> None:
    start, answers = Barrier(8), []

    def work(number: int) -> None:
        start.wait()
        answers.append(hall.handle(replace(STEP, name=f"step {number}")))

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert {answer.reason for answer in answers if isinstance(answer, Refused)} == {Reason.COMMAND_ID_REUSED}
    assert [one.event.wire for one in hall.history(NUMBER)].count("case.step_completed.v1") == 1


LINES = (
    {
        "command": "CompleteStep",
        "command_id": "s",
        "case": "C-1",
        "by": "rev",
        "at": "2026-03-03T10:00:00+08:00",
        "name": "a",
    },
    {"command": "CompleteStep", "command_id": "s", "case": "C-1", "by": "rev", "at": "2026-03-03T02:00:00Z", "name": "a"},
    {
        "command": "CompleteStep",
        "command_id": "s",
        "case": "C-1",
        "by": "rev",
        "at": "2026-03-03T10:00:00+08:00",
        "name": "b",
    },
    {
        "command": "CompleteStep",
        "command_id": "s",
        "case": "C-2",
        "by": "rev",
        "at": "2026-03-03T10:00:00+08:00",
        "name": "a",
    },
)


def test_each_line_handed_in_is_answered_for_what_it_says(tmp_path: Path) -> None:
    receive = {
        "command": "ReceiveCase",
        "by": "w",
        "at": "2026-03-02T10:00:00+08:00",
        "item": "bookstore-licence",
        "hall": "H",
    }
    receive |= {"applicant": "A", "applicant_kind": "company"}
    lines = [{**receive, "case": "C-1", "command_id": "r"}, {**receive, "case": "C-2", "command_id": "r"}, *LINES]
    file = tmp_path / "commands.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))

    ran = CliRunner().invoke(app, ["handle", str(file), "--store", f"sqlite:///{tmp_path}/h.db", "--district", "510114"])

    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.exit_code == 1
    assert [one["line"] for one in answers if "refused" in one] == [2, 5, 6]
    assert {(one["refused"]["reason"], one["refused"]["named"]) for one in answers if "refused" in one} == {
        ("command_id_reused", "r"),
        ("command_id_reused", "s"),
    }
    assert answers[2]["receipt"] == answers[3]["receipt"]


def test_a_word_and_its_member_are_one_content() -> None:
    line = {"command": "RecordTrip", "case": NUMBER, "by": OFFICER, "visit": "V-4", "cause": "correct", "command_id": "k"}
    read = read_command(json.dumps({**line, "at": moment("03-04 09:00").isoformat()}).encode())

    assert command_fingerprint(read) == command_fingerprint(TRIP)


def test_what_nobody_named_keeps_no_fingerprint_and_its_bytes_are_as_before(hall: DistrictEngine) -> None:
    unnamed = hall.handle(replace(STEP, command_id=None))
    kept = hall.history(NUMBER)[-1].envelope

    assert isinstance(unnamed, Receipt)
    assert (unnamed.fingerprint, kept.fingerprint, kept.command_id) == (None, None, unnamed.command_id)
    assert received().wire == "case.received.v3"
