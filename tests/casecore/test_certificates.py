"""Certificates: made only for a granted case, valid only under a seal."""

import pytest
from story import CLOSED, DECIDED, HEAD, OFFICER, REVIEWED, SEALED, Story, ask, fact, moment

from casecore import (
    CertificateMade,
    CertificateSealed,
    Decision,
    DecisionMade,
    MakeCertificate,
    Outcome,
    Reason,
    SealCertificate,
)

MADE = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence")


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
