"""What a hall's backend does wrong or unusually, answered by a real engine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from story import CATALOGUE, CLERK, FOOD, HALL, ask, moment

from adapters import open_engine
from adapters.open_engine import DistrictEngine
from casecore import (
    AcceptCase,
    ApplicantKind,
    BadInput,
    CompleteStep,
    CorrectOnSpot,
    Reason,
    Receipt,
    ReceiveCase,
    Refused,
    StepCompleted,
    Unavailable,
    WithdrawCase,
)

RECEIVE = ask(ReceiveCase, "03-02 09:00", item=FOOD, hall=HALL, applicant_kind=ApplicantKind.PERSON)


@pytest.fixture
def hall() -> Iterator[DistrictEngine]:
    with open_engine("memory:", district="510107", catalogue=CATALOGUE) as engine:
        yield engine


def test_commands_may_come_from_a_generator(hall: DistrictEngine) -> None:
    receipts = hall.handle_many(command for command in (RECEIVE,))  # type: ignore[arg-type]
    assert isinstance(receipts, tuple)
    assert [receipt.version for receipt in receipts] == [1]


def test_a_command_id_answers_no_other_command_of_the_same_case(hall: DistrictEngine) -> None:
    hall.handle(RECEIVE)
    first = ask(CorrectOnSpot, "03-02 09:10", materials=("form",), command_id="k")
    other = ask(WithdrawCase, "03-02 09:20", reason="changed her mind", command_id="k")
    receipt = hall.handle(first)
    assert isinstance(receipt, Receipt)

    refused = hall.handle(other)

    assert isinstance(refused, Refused)
    assert refused.reason is Reason.COMMAND_ID_REUSED
    assert hall.handle(first) == receipt


@pytest.mark.parametrize("nothing", [None, "accept", object(), StepCompleted(at=moment("03-02 09:00"), by="x", name="y")])
def test_what_is_no_command_is_bad_input(hall: DistrictEngine, nothing: object) -> None:
    with pytest.raises(BadInput, match="not a command"):
        hall.handle(nothing)  # type: ignore[arg-type]


def test_an_instant_beyond_the_zone_is_bad_input(hall: DistrictEngine) -> None:
    with pytest.raises(BadInput, match="AcceptCase: an instant beyond"):
        hall.handle(AcceptCase(case="C", by=CLERK, at=datetime.max.replace(tzinfo=UTC)))


def test_every_instant_of_a_command_is_kept_in_the_districts_zone(hall: DistrictEngine) -> None:
    hall.handle(RECEIVE)
    began, done = moment("03-02 10:00").astimezone(UTC), moment("03-02 11:00").astimezone(UTC)
    receipt = hall.handle(CompleteStep(case=RECEIVE.case, by=CLERK, at=done, name="审核", started_at=began))
    assert isinstance(receipt, Receipt)
    (step,) = receipt.events
    assert isinstance(step, StepCompleted)
    assert step.started_at is not None
    assert [at.isoformat()[-6:] for at in (step.at, step.started_at)] == ["+08:00", "+08:00"]


def test_a_refusal_is_not_taken_for_receipts(hall: DistrictEngine) -> None:
    refused = hall.handle_many([RECEIVE, ask(AcceptCase, "03-02 08:00")])
    with pytest.raises(TypeError):
        refused[-1]  # type: ignore[index, unused-ignore]
    assert hall.history(RECEIVE.case) == []


@pytest.mark.parametrize("asked", [datetime(2024, 1, 1), "2024-01-01"])  # noqa: DTZ001 - the point
def test_a_file_is_asked_for_by_an_aware_instant(hall: DistrictEngine, asked: datetime) -> None:
    hall.handle(RECEIVE)
    with pytest.raises(BadInput, match="as_of"):
        hall.file(RECEIVE.case, as_of=asked)


def test_a_closed_engine_says_that_it_is_closed(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/cases.db", district="510107", catalogue=CATALOGUE)
    engine.close()
    with pytest.raises(Unavailable, match="closed"):
        engine.history("510107-2025-000001")
    with pytest.raises(Unavailable, match="closed"):
        engine.handle(RECEIVE)
