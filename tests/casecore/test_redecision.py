"""撤销重作: a result set aside on reconsideration, by a court or by the organ itself, and the case that decides it anew."""

from dataclasses import replace
from typing import Any

import pytest
from support.story import (
    ARCHIVE,
    CALENDAR,
    CASE,
    CLOSED,
    DECIDED,
    FOOD,
    HALL,
    HEAD,
    IN_REVIEW,
    OFFICE,
    TAXI,
    Story,
    accepted,
    ask,
    day,
    fact,
    moment,
    received,
)
from support.told_redecision import BY_COURT

from casecore import (
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseReceived,
    CaseTakenUpAgain,
    CaseVoided,
    CertificateMade,
    CertificateRevoked,
    Decision,
    DecisionMade,
    Limit,
    MakeCertificate,
    NotAccepted,
    Outcome,
    Reason,
    ReissueCertificate,
    ResultSetAside,
    ReviewCompleted,
    RouteCase,
    SetAsideGround,
    SetAsideResult,
    Stage,
    clocks_of,
    fold,
)
from casecore.between.following import consequences
from casecore.case.acts.redecision import TakeUpAgain
from casecore.case.clocks import paper_owed
from casecore.kind import Decided
from casecore.kinds import ruling_of
from casecore.reading.standing import standing
from casecore.vocabulary import Unit

AGAIN = "510107-2026-000002"
OVER_BY_THE_HOUR = Limit.fixed_at(moment("06-01 08:59"), by_instant=True)
OF_TWO_DAYS = Limit(0, Unit.FIXED_DATE, day("06-09"), moment("06-10 09:00"))
DECLINED = (received(), fact(NotAccepted, "03-03 09:00", reason="not this organ", remedy="appeal"))


def set_aside(when: str = "06-01 09:00", **rest: Any) -> SetAsideResult:
    return ask(SetAsideResult, when, **{**BY_COURT, **rest})


def followed(*facts: CaseEvent, **rest: Any) -> tuple[CaseEvent, ...]:
    """What stands in the new case once the result of these facts was set aside."""
    command = set_aside(redecide_in=AGAIN, **rest)
    decided = ruling_of(fold(facts), command, moment("12-30 17:00"), OFFICE)
    assert isinstance(decided, Decided), decided
    (follow,) = list(consequences(command, decided, OFFICE))
    opened = ruling_of(None, follow, moment("12-30 17:00"), OFFICE)
    assert isinstance(opened, Decided), opened
    assert follow.stream == AGAIN
    return opened.facts  # type: ignore[return-value]


@pytest.mark.parametrize("ground", SetAsideGround)
def test_a_result_is_set_aside_and_its_certificates_with_it(ground: SetAsideGround) -> None:
    Story(*CLOSED).when(set_aside(ground=ground)).then(
        fact(ResultSetAside, "06-01 09:00", **{**BY_COURT, "ground": ground}),
        fact(
            CertificateRevoked, "06-01 09:00", certificate="C1",
            reason="结果撤销: （2026）行初1号 / result set aside: （2026）行初1号",
        ),
    )  # fmt: skip


def test_only_what_is_in_force_is_revoked() -> None:
    gone = fact(CertificateRevoked, "03-07 09:00", certificate="C1", reason="lost")
    made = fact(CertificateMade, "03-07 10:00", certificate="C2", kind="licence")
    ruling: Any = Story(*CLOSED, gone, made).when(set_aside()).ruling

    assert [one.certificate for one in ruling[1:]] == ["C2"]


def test_of_the_first_case_nothing_moves_but_that_its_result_holds_no_more() -> None:
    before, after = fold(CLOSED), fold((*CLOSED, fact(ResultSetAside, "06-01 09:00", **BY_COURT)))

    assert (after.stage, after.stage_at, after.closing, after.decision) == (
        before.stage, before.stage_at, before.closing, before.decision,
    )  # fmt: skip
    assert clocks_of(after) == clocks_of(before)


def test_the_first_case_issues_nothing_any_more() -> None:
    ruling: Any = Story(*CLOSED).when(set_aside()).ruling
    story = Story(*CLOSED, *ruling)

    story.when(ask(MakeCertificate, certificate="C2", kind="licence")).refused(Reason.RESULT_SET_ASIDE, "（2026）行初1号")
    story.when(ask(ReissueCertificate, certificate="C2", replaces="C1", reason="lost")).refused(Reason.CERTIFICATE_REVOKED)
    story.when(set_aside("06-02 09:00")).refused(Reason.RESULT_SET_ASIDE, "（2026）行初1号")


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (IN_REVIEW, "in_review"),
        (DECIDED, "decided"),
        ((*CLOSED, fact(CaseVoided, "03-09 09:00", outcome=Outcome.DELETED, reason="twice")), "voided"),
    ],
    ids=["in review", "decided", "voided"],
)
def test_only_what_is_over_is_set_aside(facts: tuple[CaseEvent, ...], stage: str) -> None:
    Story(*facts).when(set_aside()).refused(Reason.WRONG_STAGE, stage)


@pytest.mark.parametrize(
    ("facts", "rest", "reason"),
    [
        (CLOSED, {"limit": Limit.months(2)}, Reason.NEW_CASE_REQUIRED),
        (CLOSED, {"hall": HALL}, Reason.NEW_CASE_REQUIRED),
        (CLOSED, {"redecide_in": AGAIN, "limit": Limit.fixed(day("05-29"))}, Reason.DAYS_OUT_OF_RANGE),
        (CLOSED, {"redecide_in": AGAIN, "limit": OVER_BY_THE_HOUR}, Reason.DAYS_OUT_OF_RANGE),
        (CLOSED, {"redecide_in": AGAIN, "limit": OF_TWO_DAYS}, Reason.DAYS_OUT_OF_RANGE),
        (CLOSED, {"redecide_in": AGAIN, "limit": Limit.years(999_999)}, Reason.OUTSIDE_CALENDAR),
        (CLOSED, {"redecide_in": AGAIN, "limit": Limit.natural_days(10**9)}, Reason.OUTSIDE_CALENDAR),
        (CLOSED, {"when": "03-06 08:00"}, Reason.BEFORE_STAGE),
        ((fact(CaseClosed, "03-06 09:00", outcome=Outcome.OTHER),), {"redecide_in": AGAIN}, Reason.UNKNOWN_ITEM),
    ],
    ids=[
        "limit of no case",
        "place of no case",
        "limit already over",
        "over by the hour",
        "limit of two days",
        "beyond any year",
        "beyond any day",
        "before the closing",
        "of nobody knows what",
    ],
)
def test_a_result_is_not_set_aside_in_a_way_that_cannot_be(
    facts: tuple[CaseEvent, ...], rest: dict[str, Any], reason: Reason
) -> None:
    Story(*facts).when(set_aside(**rest)).refused(reason)


def test_what_was_never_at_a_hall_is_taken_up_again_only_where_somebody_says_at_which() -> None:
    nowhere = (replace(DECLINED[0], hall=HALL), DECLINED[1])
    assert followed(*nowhere)
    file = fold(nowhere)._replace(hall=None)

    Story(file=file).when(set_aside(redecide_in=AGAIN)).refused(Reason.HALL_REQUIRED)
    assert Story(file=file).when(set_aside(redecide_in=AGAIN, hall=HALL)).done()


# 重作


def test_the_new_case_knows_its_applicant_and_place_and_asks_the_applicant_for_nothing() -> None:
    taken_in, again, promise = followed(*CLOSED)

    assert isinstance(taken_in, CaseReceived)
    assert (taken_in.item, taken_in.hall, taken_in.applicant, taken_in.department) == (FOOD, HALL, "Li Lei", "Market")
    assert not taken_in.trips_recorded
    assert again == fact(CaseTakenUpAgain, "06-01 09:00", former=CASE, **BY_COURT)
    assert isinstance(promise, CaseAccepted)
    assert (promise.effective_on, promise.materials) == (day("06-01"), ())
    assert fold((taken_in, again, promise)).stage is Stage.IN_REVIEW


def test_it_is_reviewed_again_by_every_department() -> None:
    opened = followed(*CLOSED)

    assert Story(*opened).when(ask(RouteCase, "06-02 09:00")).done().file.approvals
    assert isinstance(followed(received(code=ARCHIVE), accepted(code=ARCHIVE), *CLOSED[2:])[-1], ReviewCompleted)


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        (None, ("06-15", "06-29")),  # the item's: 10 and 20 working days from Monday 06-01
        (Limit.natural_days(60), ("07-31", "07-31")),
        (Limit.months(1), ("07-01", "07-01")),
        (Limit.working_days(5), ("06-08", "06-08")),
    ],
    ids=["the item's", "60 days", "a month", "5 working days"],
)
def test_its_clocks_run_from_the_day_the_document_came_within_the_period_named(
    limit: Limit | None, due: tuple[str, str]
) -> None:
    clocks = {one.name: one for one in clocks_of(fold(followed(*CLOSED, limit=limit)))}
    read = [clocks[name].read(CALENDAR, moment("06-02 09:00")).due_on for name in ("promised", "statutory")]

    assert read == [day(due[0]), day(due[1])]
    assert (clocks["promised"].source == "（2026）行初1号 重作期限") is (limit is not None)


def test_a_refusal_to_accept_that_was_set_aside_is_accepted_with_the_new_case() -> None:
    opened = followed(*DECLINED)

    assert fold(opened).stage is Stage.IN_REVIEW
    assert fold(DECLINED).closing is not None


def test_an_item_that_is_gone_is_decided_anew_under_its_version_of_then() -> None:
    """TAXI version 2 is in force from 07-01; with nothing in force the version of the first acceptance holds."""
    first = (received(code=TAXI), accepted(code=TAXI), fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED),
             fact(CaseClosed, "03-06 09:00", outcome=Outcome.OTHER))  # fmt: skip
    later = followed(*first, when="08-03 09:00")[2]
    assert isinstance(later, CaseAccepted)
    assert later.item_version == 2

    command = ask(TakeUpAgain, "08-03 09:00", former="A", **BY_COURT, item="GONE", channel=fold(first).channel,
                  tier=fold(first).tier, hall=HALL, accepted_on=None)  # fmt: skip
    Story().when(command).refused(Reason.ITEM_NOT_IN_FORCE, "GONE")
    assert Story().when(replace(command, accepted_on=day("03-02").replace(year=2025))).done().file.stage is Stage.REVIEWED


def test_an_id_that_is_taken_takes_no_other_case() -> None:
    command = ask(TakeUpAgain, "08-03 09:00", former="A", **BY_COURT, item=FOOD, channel=fold(CLOSED).channel,
                  tier=fold(CLOSED).tier, hall=HALL)  # fmt: skip
    Story(*CLOSED).when(command).refused(Reason.WRONG_STAGE, "closed")


def test_what_was_decided_anew_may_be_set_aside_again() -> None:
    again = (*followed(*CLOSED), fact(CaseClosed, "06-10 09:00", outcome=Outcome.OTHER))

    assert Story(*again).when(set_aside("07-01 09:00", document="（2026）行终1号")).done().file.set_aside is not None


def test_a_refusal_on_paper_that_was_set_aside_is_owed_no_more() -> None:
    no = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason="no exit")
    told = (*IN_REVIEW, no, fact(CaseClosed, "03-06 09:00", outcome=Outcome.OTHER))

    assert paper_owed(fold(told))
    assert not paper_owed(fold((*told, fact(ResultSetAside, "06-01 09:00", **BY_COURT))))


def test_the_applicant_is_told_that_the_result_holds_no_more_and_where_it_is_decided_anew() -> None:
    file = fold((*CLOSED, fact(ResultSetAside, "06-01 09:00", **BY_COURT, redecided_in=AGAIN)))

    assert "该结果已被区人民法院撤销 (行政诉讼, （2026）行初1号)。重新办理: 510107-2026-000002。" in standing(file).zh
    assert "It is decided anew in 510107-2026-000002." in standing(file).en
    assert "准予" not in standing(file).zh
    assert "准予" in standing(fold(CLOSED)).zh
