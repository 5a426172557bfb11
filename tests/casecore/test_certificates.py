"""Certificates: made only for a granted case, valid only under a seal."""

from dataclasses import replace
from typing import Any

import pytest
from support.story import CALENDAR, CLOSED, DECIDED, HEAD, ITEMS, OFFICER, REVIEWED, SEALED, Story, ask, day, fact, moment

from casecore import (
    CaseReceived,
    Catalogue,
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    CloseCase,
    ConditionLapsed,
    CorrectCertificate,
    Decision,
    DecisionMade,
    DeliverResult,
    DeliveryMethod,
    MakeCertificate,
    Office,
    Outcome,
    Reason,
    ReissueCertificate,
    RevokeCertificate,
    Seal,
    SealCertificate,
)
from casecore.case.acts.joining import FailCondition

MADE = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence")
REVOKED_BEFORE = fact(CertificateRevoked, "03-05 12:00", certificate="C1", reason="made in error")


def make(certificate: str = "C1", when: str = "03-05 10:00") -> MakeCertificate:
    return ask(MakeCertificate, when, certificate=certificate, kind="licence")


def seal(certificate: str = "C1", when: str = "03-05 11:00") -> SealCertificate:
    return ask(SealCertificate, when, certificate=certificate, seal="seal-7")


def test_a_granted_case_gets_its_certificate() -> None:
    Story(*DECIDED).when(make()).then(
        CertificateMade(at=moment("03-05 10:00"), by=OFFICER, certificate="C1", kind="licence")
    )


def test_a_conditionally_granted_case_gets_its_certificate() -> None:
    decided = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.CONDITIONALLY_GRANTED)

    Story(*REVIEWED, decided).when(make()).done()


def test_a_refused_case_gets_no_certificate() -> None:
    no = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")

    Story(*REVIEWED, no).when(make()).refused(Reason.NOT_GRANTED)


def test_a_case_forwarded_without_a_decision_gets_no_certificate() -> None:
    from_review = Story(*REVIEWED).given(
        fact(type(CLOSED[-1]), "03-05 09:00", outcome=Outcome.FORWARDED, forwarded_to="the city")
    )

    from_review.when(make()).refused(Reason.NOT_GRANTED)


def test_a_certificate_is_made_once() -> None:
    Story(*DECIDED, MADE).when(make()).refused(Reason.CERTIFICATE_EXISTS, "C1")


def test_a_case_may_get_several_certificates() -> None:
    story = Story(*DECIDED, MADE).when(make("C2")).done()

    assert [c.certificate for c in story.file.certificates] == ["C1", "C2"]


@pytest.mark.parametrize("command", [make(), seal()])
def test_no_certificate_before_the_decision(command: MakeCertificate | SealCertificate) -> None:
    Story(*REVIEWED).when(command).refused(Reason.WRONG_STAGE, "reviewed")


def test_a_certificate_may_be_made_and_sealed_after_closing() -> None:
    Story(*CLOSED).when(make("C2", "03-06 10:00")).done().when(seal("C2", "03-06 11:00")).done()


def test_a_seal_makes_the_certificate_valid() -> None:
    story = (
        Story(*DECIDED, MADE)
        .when(seal())
        .then(CertificateSealed(at=moment("03-05 11:00"), by=OFFICER, certificate="C1", seal="seal-7"))
    )

    assert story.file.certificates[0].sealed_at == moment("03-05 11:00")


def test_a_seal_is_put_only_on_the_certificate_named() -> None:
    story = Story(*DECIDED, MADE).when(make("C2")).done().when(seal("C2")).done()

    assert [c.seal for c in story.file.certificates] == [None, "seal-7"]


def test_what_was_not_made_cannot_be_sealed() -> None:
    Story(*DECIDED).when(seal("C9")).refused(Reason.UNKNOWN_CERTIFICATE, "C9")


def test_a_certificate_is_sealed_once() -> None:
    Story(*SEALED).when(seal()).refused(Reason.ALREADY_SEALED, "C1")


def test_no_seal_is_older_than_its_certificate() -> None:
    Story(*DECIDED, MADE).when(seal(when="03-05 09:30")).refused(Reason.BEFORE_STAGE)


# 容缺


def test_what_is_granted_on_condition_is_issued_on_condition_and_so_is_what_replaces_it() -> None:
    decided = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.CONDITIONALLY_GRANTED)
    story = Story(*REVIEWED, decided).when(make()).then(replace(MADE, conditional=True))

    again = story.when(reissue(when="03-06 09:00")).done()

    assert [one.conditional for one in again.file.certificates] == [True, True]
    assert not Story(*SEALED).when(reissue()).done().file.certificates[1].conditional


# 印章, 电子印章: in force, or refused

SEALS = Office(
    Catalogue(
        ITEMS,
        seals=(
            Seal(
                code="seal-7",
                name_zh="电子印章",
                source="made up for these stories",
                department="Market",
                electronic=True,
                valid_from=day("03-05"),
                valid_until=day("03-06"),
            ),
        ),
    ),
    CALENDAR,
)


@pytest.mark.parametrize("when", ["03-05 11:00", "03-06 23:59"])
def test_a_seal_is_used_from_its_first_day_to_its_last(when: str) -> None:
    Story(*DECIDED, MADE, office=SEALS).when(seal(when=when)).done()


@pytest.mark.parametrize("made", ["03-04 10:00", "03-05 10:00"])
def test_a_seal_that_is_not_in_force_seals_nothing(made: str) -> None:
    early = made == "03-04 10:00"
    decided = fact(DecisionMade, "03-04 09:30", by=HEAD, decision=Decision.GRANTED)
    story = Story(*REVIEWED, decided, replace(MADE, at=moment(made)), office=SEALS)

    told = story.when(seal(when="03-04 11:00" if early else "03-07 00:00"))

    told.refused(Reason.SEAL_NOT_IN_FORCE, "seal-7")


def test_a_seal_in_no_register_seals_nothing_where_a_register_is_kept() -> None:
    unknown = ask(SealCertificate, "03-05 11:00", certificate="C1", seal="seal-9")

    Story(*DECIDED, MADE, office=SEALS).when(unknown).refused(Reason.UNKNOWN_SEAL, "seal-9")
    Story(*DECIDED, MADE).when(unknown).done()


SEALED_BY = {
    code: Seal(
        code=code,
        name_zh="印章",
        source="made up for these stories",
        department=code.removesuffix(" e"),
        electronic=code.endswith(" e"),
        valid_from=day("01-01"),
    )
    for code in ("Market", "Market e", "Branch 2", "Branch 2 e", "Fire", "Fire e")
}
OF_ORGANS = Office(Catalogue(ITEMS, seals=SEALED_BY.values()), CALENDAR)


@pytest.mark.parametrize("electronic", [False, True])
@pytest.mark.parametrize(
    ("department", "fit"),
    [("Market", {"Market"}), ("Branch 2", {"Market", "Branch 2"}), (None, {"Market"})],
)
@pytest.mark.parametrize("code", SEALED_BY)
def test_a_certificate_is_sealed_by_whose_case_or_item_it_is_electronically_where_it_is_so(
    code: str, department: str | None, fit: set[str], *, electronic: bool
) -> None:
    """The item is Market's (实施主体); a branch that has the case (受理部门) seals as well as it does."""
    before = [replace(one, department=department) if isinstance(one, CaseReceived) else one for one in DECIDED]
    made = replace(MADE, electronic=electronic)
    told = Story(*before, made, office=OF_ORGANS).when(ask(SealCertificate, "03-05 11:00", certificate="C1", seal=code))

    register = SEALED_BY[code]
    if register.department not in fit:
        told.refused(Reason.SEAL_OF_ANOTHER, f"{code}: {register.department}")
    elif electronic and not register.electronic:
        told.refused(Reason.SEAL_NOT_ELECTRONIC, code)
    else:
        told.done()


def test_of_a_case_whose_department_and_item_nobody_knows_any_seal_is_taken() -> None:
    before = [replace(one, department=None) if isinstance(one, CaseReceived) else one for one in DECIDED]
    nothing_known = Office(Catalogue((), seals=SEALED_BY.values()), CALENDAR)
    seal_it = ask(SealCertificate, "03-05 11:00", certificate="C1", seal="Fire")

    Story(*before, MADE, office=nothing_known).when(seal_it).done()


def test_what_was_sealed_in_time_stays_sealed_when_the_seal_runs_out() -> None:
    story = Story(*DECIDED, MADE, office=SEALS).when(seal()).done()

    story.when(ask(DeliverResult, "03-20 10:00", method=DeliveryMethod.E_CERTIFICATE, certificate="C1")).done()


# 更正, 撤销, 换发


def correct(when: str = "03-06 10:00", **rest: Any) -> CorrectCertificate:
    return ask(CorrectCertificate, when, **{"certificate": "C1", "correction": "the name", "reason": "misspelt", **rest})


def revoke(when: str = "03-06 10:00", **rest: Any) -> RevokeCertificate:
    return ask(RevokeCertificate, when, **{"certificate": "C1", "reason": "obtained by fraud", **rest})


def reissue(when: str = "03-06 10:00", **rest: Any) -> ReissueCertificate:
    return ask(ReissueCertificate, when, **{"certificate": "C9", "replaces": "C1", "reason": "torn", **rest})


def test_a_correction_needs_a_new_seal() -> None:
    story = (
        Story(*SEALED)
        .when(correct())
        .then(
            CertificateCorrected(
                at=moment("03-06 10:00"), by=OFFICER, certificate="C1", correction="the name", reason="misspelt"
            )
        )
    )
    assert (story.file.certificates[0].seal, story.file.certificates[0].sealed_at) == (None, None)

    after = story.when(seal(when="03-06 11:00")).done()

    assert after.file.certificates[0].sealed_at == moment("03-06 11:00")
    assert after.file.certificates[0].corrected_at == moment("03-06 10:00")


def test_what_was_revoked_is_valid_no_more() -> None:
    story = (
        Story(*SEALED)
        .when(revoke())
        .then(CertificateRevoked(at=moment("03-06 10:00"), by=OFFICER, certificate="C1", reason="obtained by fraud"))
    )

    for act in (correct("03-06 11:00"), revoke("03-06 11:00"), reissue("03-06 11:00"), seal(when="03-06 11:00")):
        story.when(act).refused(Reason.CERTIFICATE_REVOKED, "C1")


def test_a_certificate_issued_again_takes_the_place_of_another_of_its_kind() -> None:
    told = Story(*SEALED).when(reissue(electronic=True, valid_until=day("12-31")))

    after = told.then(
        CertificateReissued(
            at=moment("03-06 10:00"),
            by=OFFICER,
            certificate="C9",
            kind="licence",
            replaces="C1",
            reason="torn",
            electronic=True,
            valid_until=day("12-31"),
        )
    )

    old, new = after.file.certificates
    assert (old.revoked_at, new.replaces, new.sealed_at) == (moment("03-06 10:00"), "C1", None)
    after.when(seal("C9", "03-06 11:00")).done()


@pytest.mark.parametrize(
    ("act", "reason", "named"),
    [
        (correct(certificate="C8"), Reason.UNKNOWN_CERTIFICATE, "C8"),
        (revoke(certificate="C8"), Reason.UNKNOWN_CERTIFICATE, "C8"),
        (reissue(replaces="C8"), Reason.UNKNOWN_CERTIFICATE, "C8"),
        (reissue(certificate="C1"), Reason.CERTIFICATE_EXISTS, "C1"),
        (correct("03-05 09:30"), Reason.BEFORE_STAGE, None),
        (revoke("03-05 09:30"), Reason.BEFORE_STAGE, None),
        (reissue("03-05 09:30"), Reason.BEFORE_STAGE, None),
        (correct(reason=" "), Reason.REASON_REQUIRED, ""),
        (correct(correction=" "), Reason.REASON_REQUIRED, ""),
        (revoke(reason=" "), Reason.REASON_REQUIRED, ""),
        (reissue(reason=" "), Reason.REASON_REQUIRED, ""),
        (reissue(valid_until=day("03-05")), Reason.DAYS_OUT_OF_RANGE, "2026-03-05"),
    ],
)
def test_what_becomes_of_a_certificate_is_said_of_one_there_is_and_for_a_reason(
    act: Any, reason: Reason, named: str | None
) -> None:
    Story(*SEALED).when(act).refused(reason, named)


@pytest.mark.parametrize("act", [correct(), revoke(), reissue()])
def test_nothing_becomes_of_a_certificate_before_the_decision(act: Any) -> None:
    Story(*REVIEWED).when(act).refused(Reason.WRONG_STAGE, "reviewed")


def test_no_certificate_is_made_whose_last_day_is_over() -> None:
    over = ask(MakeCertificate, "03-05 10:00", certificate="C1", kind="licence", valid_until=day("03-04"))

    Story(*DECIDED).when(over).refused(Reason.DAYS_OUT_OF_RANGE, "2026-03-04")
    Story(*DECIDED).when(replace(over, valid_until=day("03-05"))).done()


# 附条件未成就


REASON = "前置事项未通过: the shop / prerequisite not granted: the shop"
LAPSED = fact(ConditionLapsed, "03-09 09:00", prerequisite="the shop")


def test_what_was_issued_before_a_prerequisite_failed_is_revoked_with_it() -> None:
    second = fact(CertificateMade, "03-05 10:30", certificate="C2", kind="licence")
    story = Story(*SEALED, second, replace(REVOKED_BEFORE, certificate="C2"))

    after = story.when(ask(FailCondition, "03-09 09:00", prerequisite="the shop")).then(
        LAPSED,
        CertificateRevoked(at=moment("03-09 09:00"), by=OFFICER, certificate="C1", reason=REASON),
    )

    assert after.when(ask(FailCondition, "03-10 09:00", prerequisite="the shop")).ruling == ()


def test_a_condition_fails_in_a_case_without_a_certificate_too_and_none_is_made_any_more() -> None:
    story = Story(*DECIDED).when(ask(FailCondition, "03-09 09:00", prerequisite="the shop")).then(LAPSED)

    making = ask(MakeCertificate, "03-10 09:00", certificate="C1", kind="licence")
    story.when(making).refused(Reason.CONDITION_FAILED, "the shop")


# 出证办结


def test_a_case_is_not_closed_with_a_certificate_that_is_valid_no_more() -> None:
    close = ask(CloseCase, "03-09 09:00", outcome=Outcome.CERTIFICATE_ISSUED)

    Story(*SEALED).when(close).done()
    Story(*SEALED, replace(REVOKED_BEFORE, certificate="C1")).when(close).refused(Reason.CERTIFICATE_NOT_MADE)
