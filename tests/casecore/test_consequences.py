"""What follows in other streams is written with what it follows from: ids, causes, retries, refusals, files out of date."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from support.package_story import (
    BOOKS,
    CAFE,
    FIRE,
    ID_CARD,
    ITEMS,
    OFFICE,
    PACKAGE,
    TAX,
    THEME,
    Hall,
    accepting,
    case,
    certifying,
    only,
    opening,
    reviewing,
    shared,
)
from support.story import CLERK, HALL, OFFICER, moment

from adapters.district_log import DistrictLog
from adapters.stores.known import store_at
from casecore import (
    CaseReceived,
    Catalogue,
    CloseCase,
    CompleteStep,
    Outcome,
    Reason,
    Receipt,
    ReceiveCase,
    Refused,
    ResumeCase,
    ShareMaterial,
    SpecialGround,
    SuspendCase,
    SuspensionKind,
    WithdrawCase,
)
from casecore.case.facts.certificates import CertificateMade, CertificateRevoked
from casecore.case.facts.closing import CaseWithdrawn
from casecore.case.facts.joining import CaseJoined
from casecore.case.facts.materials import MaterialMet
from casecore.case.facts.review import StepCompleted
from casecore.errors import Conflict, Unavailable
from casecore.histories import History
from casecore.log import COMMON_BOUNDS, Batch, ClockBounds
from casecore.package.facts.limits import PackageClosed
from casecore.package.facts.members import MemberAccepted, MemberResumed
from casecore.package.facts.opening import MaterialShared
from casecore.recorded import Source
from casecore.vocabulary import ApplicantKind, Channel, Tier

SOURCE = Source("elsewhere", "cases.csv", 1)


def withdrawing(number: str, when: str, **rest: Any) -> WithdrawCase:
    return WithdrawCase(case=number, by=CLERK, at=moment(when), reason="changed their mind", **rest)


# -- ids and causes


def test_what_follows_goes_by_the_commands_id_with_a_number_and_names_it_as_its_cause() -> None:
    hall = Hall().does(replace(opening(coffee="no", tax="no"), command_id="k", correlation_id="form 7", causation_id="why"))
    kept = [fact.envelope for fact in hall.engine.follow()]
    assert [(one.stream, one.command_id, one.causation_id, one.correlation_id) for one in kept] == [
        (PACKAGE, "k", "why", "form 7"),
        (case(BOOKS), "k/1", "k", "form 7"),
        (case(BOOKS), "k/2", "k", "form 7"),
    ]
    assert hall.log.carried_out(["k", "k/1", "k/2", "k/3"]) == {"k", "k/1", "k/2"}


def test_a_receipt_is_that_of_the_command_alone() -> None:
    hall = Hall()
    receipt = hall.engine.handle(opening())
    assert isinstance(receipt, Receipt)
    assert (receipt.stream, receipt.version, receipt.position) == (PACKAGE, 1, 1)


def test_a_command_given_again_is_carried_out_once_with_all_that_followed() -> None:
    hall = Hall()
    form = replace(opening(), command_id="k")
    first = hall.engine.handle(form)
    head = hall.log.head()
    assert hall.engine.handle(form) == first
    assert hall.log.head() == head


def test_an_id_that_something_that_followed_has_is_no_other_commands() -> None:
    hall = Hall().does(replace(opening(coffee="no", tax="no"), command_id="k"))
    other = ShareMaterial(package=PACKAGE, by=CLERK, at=moment("03-02 10:00"), material=ID_CARD, command_id="k/1")
    refused = hall.refuses(other)
    assert (refused.reason, refused.named) == (Reason.COMMAND_ID_REUSED, "k/1")


def test_an_id_whose_followers_are_other_commands_already_is_refused_and_not_raced_for() -> None:
    hall = Hall().does(opening(coffee="no", tax="no"))
    hall.does(CompleteStep(case=case(BOOKS), by=CLERK, at=moment("03-02 09:30"), name="looked at", command_id="k/1"))
    refused = hall.refuses(replace(accepting(case(BOOKS), "03-02 10:00"), command_id="k"))
    assert (refused.reason, refused.named, refused.case) == (Reason.COMMAND_ID_REUSED, "k/1", case(BOOKS))
    assert hall.pauses < 2, "trying again would not help"
    hall.does(replace(accepting(case(BOOKS), "03-02 10:00"), command_id="another"))


# -- several commands at once


def test_a_package_and_the_first_steps_of_its_cases_go_in_together() -> None:
    hall = Hall()
    commands = (opening(), accepting(case(BOOKS), "03-02 10:00"), *reviewing(case(BOOKS), "03-02"))
    answer = hall.engine.handle_many((*commands, *certifying(case(BOOKS), "03-02"), accepting(case(TAX), "03-02 11:00")))
    assert isinstance(answer, tuple)
    assert [receipt.stream for receipt in answer] == [PACKAGE, *[case(BOOKS)] * 7, case(TAX)]
    assert hall.engine.file(case(TAX)).accepted_at == moment("03-02 11:00")
    assert len({receipt.hash for receipt in answer}) == 1, "one commit"


def test_of_several_commands_one_refused_writes_nothing_of_what_followed_from_the_others() -> None:
    hall = Hall()
    answer = hall.engine.handle_many((opening(), accepting(case(BOOKS), "03-02 10:00"), accepting(case(TAX), "03-02 10:00")))
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.case) == (Reason.WRONG_STAGE, case(TAX))
    assert hall.log.head().position == 0


# -- refused: the caller is told where and why


def test_nobody_takes_the_id_of_a_waiting_case_so_the_grant_it_waits_for_always_opens_it() -> None:
    hall = Hall().does(opening(coffee="no"), *_granted_but_for_the_closing(BOOKS))
    intruder = ReceiveCase(case=case(TAX), by=CLERK, at=moment("03-03 09:00"), item=TAX, hall=HALL)
    refused = hall.refuses(intruder)
    assert (refused.reason, refused.case, refused.named) == (Reason.WAITS_FOR_OTHERS, case(TAX), PACKAGE)
    hall.does(certifying(case(BOOKS), "03-03")[-1])
    assert hall.told(case(TAX)) == ["CaseJoined", "CaseJoined", "CaseReceived"]


def test_a_package_whose_planned_id_is_taken_is_refused_naming_the_case() -> None:
    hall = Hall().does(ReceiveCase(case=case(TAX), by=CLERK, at=moment("03-01 09:00"), item=TAX, hall=HALL))
    refused = hall.refuses(opening())
    assert (refused.reason, refused.case, refused.command) == (Reason.WRONG_STAGE, case(TAX), "JoinPackage")
    assert hall.engine.history(PACKAGE) == []


def _granted_but_for_the_closing(code: str) -> list[Any]:
    number = case(code)
    return [accepting(number, "03-03 10:00"), *reviewing(number, "03-03"), *certifying(number, "03-03")[:-1]]


# -- two engines over one log, each remembering files of its own


class Rival(DistrictLog):
    """A log in whose appends somebody else is faster, or which gives no answer."""

    def __init__(self) -> None:
        super().__init__("510107", store_at("memory:").environment)
        self.before: list[Any] = []
        self.unanswered = 0

    def append(
        self,
        batches: Sequence[Batch],
        reads: Mapping[str, int] = {},
        branch: int | None = None,
        bounds: ClockBounds = COMMON_BOUNDS,
    ) -> list[Receipt]:
        if self.before and batches:
            self.before.pop(0)()
        receipts = super().append(batches, reads, branch, bounds)
        if self.unanswered:
            self.unanswered -= 1
            raise Unavailable("no answer")
        return receipts


@pytest.mark.parametrize("times", [1, 2])
def test_an_append_that_got_no_answer_is_found_by_its_ids_and_nothing_follows_twice(times: int) -> None:
    log = Rival()
    hall = Hall(log=log)
    log.unanswered = 1
    hall.does(opening(given=(shared(ID_CARD),)))
    assert len(hall.facts(PACKAGE, MaterialShared)) == 1
    for _ in range(times):
        log.unanswered = 1
        hall.does(ShareMaterial(package=PACKAGE, by=CLERK, at=moment("03-02 10:00"), material="lease", command_id="k"))
    assert [one.material for one in hall.facts(case(BOOKS), MaterialMet)] == [ID_CARD, "lease"]
    assert hall.told(case(CAFE)).count("MaterialMet") == 2


def test_a_race_lost_in_the_package_is_run_again_with_what_the_winner_wrote() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    mine.does(opening(coffee="yes", tax="no"))
    log.before.append(lambda: other.does(accepting(case(CAFE), "03-02 10:00")))
    mine.does(accepting(case(BOOKS), "03-02 10:05"))
    assert [fact.case for fact in mine.facts(PACKAGE, MemberAccepted)] == [case(CAFE), case(BOOKS)]


def test_who_loses_every_race_gives_up_and_says_so() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    mine.does(opening(coffee="no", tax="no"))

    def note(number: int) -> None:
        other.does(CompleteStep(case=case(BOOKS), by=CLERK, at=moment("03-02 09:30"), name=f"note {number}"))

    log.before += [step for number in range(200) for step in (lambda n=number: note(n), lambda: None)]
    with pytest.raises(Conflict, match="lost the race 40 times"):
        mine.engine.handle(accepting(case(BOOKS), "03-02 10:00"))


def test_the_end_of_a_suspension_is_told_to_a_package_remembered_from_before_its_beginning() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    mine.does(opening(coffee="yes", tax="no"), accepting(case(BOOKS), "03-02 10:00"))
    other.does(accepting(case(CAFE), "03-02 10:00"), _suspending(CAFE))
    del mine.recent[case(CAFE)]  # as it is forgotten among many: the case is read, the package remembered
    mine.does(ResumeCase(case=case(CAFE), by=OFFICER, at=moment("03-05 09:00")))
    assert [one.case for one in mine.facts(PACKAGE, MemberResumed)] == [case(CAFE)]
    assert [span.ended_at for span in mine.package.suspensions] == [moment("03-05 09:00")]


def _suspending(code: str) -> SuspendCase:
    return SuspendCase(
        case=case(code),
        by=OFFICER,
        at=moment("03-03 09:00"),
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        ground=SpecialGround.TESTING,
        declared_days=5,
        notice="N1",
        reason="samples are tested",
    )


def test_a_certificate_is_revoked_by_who_remembers_the_case_from_before_it_was_made() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    mine.does(opening(coffee="yes", tax="no"), accepting(case(CAFE), "03-03 10:00"))
    other.does(*reviewing(case(CAFE), "03-03"), *certifying(case(CAFE), "03-03"))
    mine.does(withdrawing(case(FIRE), "03-04 09:00"))
    assert [one.certificate for one in mine.facts(case(CAFE), CertificateRevoked)] == [f"C-{case(CAFE)}"]


def test_a_certificate_made_while_its_condition_fails_does_not_outlive_it() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    mine.does(opening(coffee="yes", tax="no"), accepting(case(CAFE), "03-03 10:00"), *reviewing(case(CAFE), "03-03"))
    mine.does(CloseCase(case=case(CAFE), by=CLERK, at=moment("03-03 10:50"), outcome=Outcome.OTHER))
    make = replace(certifying(case(CAFE), "03-04")[0], at=moment("03-04 10:40"))
    log.before.append(lambda: other.does(make))
    mine.does(withdrawing(case(FIRE), "03-05 09:00"))
    made = [one.certificate for one in mine.facts(case(CAFE), CertificateMade)]
    assert made == [one.certificate for one in mine.facts(case(CAFE), CertificateRevoked)] == [f"C-{case(CAFE)}"]


def test_two_who_end_the_last_two_cases_at_once_close_the_package_once() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    mine.does(opening(coffee="yes", tax="no"), withdrawing(case(BOOKS), "03-03 09:00"))
    log.before.append(lambda: other.does(withdrawing(case(CAFE), "03-03 10:00")))
    mine.does(withdrawing(case(FIRE), "03-03 10:01"))
    closed = only(PackageClosed, mine.facts(PACKAGE, object))
    assert (closed.granted, closed.failed) == (0, 3)


# -- histories from elsewhere


def _received(**rest: Any) -> CaseReceived:
    taken: dict[str, Any] = {"item": BOOKS, "channel": Channel.WINDOW, "tier": Tier.COUNTY, "hall": HALL}
    taken |= {"department": "Market", "applicant": "Page & Sons", "applicant_kind": ApplicantKind.COMPANY}
    return CaseReceived(at=moment("03-02 09:00"), by=CLERK, **{**taken, **rest})


@pytest.mark.parametrize("continues", [True, False])
def test_an_import_onto_a_package_is_refused_and_poisons_nothing(continues: bool) -> None:  # noqa: FBT001
    hall = Hall().does(opening())
    elsewhere = History("C-9", "i2", (_received(),), SOURCE)
    results = hall.engine.record([History(PACKAGE, "i1", (_received(),), SOURCE, continues), elsewhere])
    assert results[0] == Refused(Reason.OTHER_KIND, f"{PACKAGE}: package", PACKAGE, "import")
    assert isinstance(results[1], Receipt)
    assert len(hall.package.members) == 4


def test_an_import_may_go_on_with_a_case_of_a_package() -> None:
    hall = Hall().does(opening())
    note = CompleteStep(case=case(BOOKS), by=CLERK, at=moment("03-02 09:30"), name="looked at")
    receipt = hall.engine.handle(note)
    assert isinstance(receipt, Receipt)
    results = hall.engine.record([History(case(BOOKS), "i1", receipt.events, SOURCE, continues=True)])  # type: ignore[arg-type]
    assert isinstance(results[0], Receipt)


@pytest.mark.parametrize("continues", [True, False])
def test_an_import_onto_a_case_that_waits_is_refused_so_that_what_it_waits_for_can_be_closed(
    continues: bool,  # noqa: FBT001
) -> None:
    hall = Hall().does(opening(coffee="no"), *_granted_but_for_the_closing(BOOKS))
    elsewhere = History("C-9", "i2", (_received(),), SOURCE)
    results = hall.engine.record([History(case(TAX), "i1", (_received(),), SOURCE, continues), elsewhere])
    assert results[0] == Refused(Reason.WAITS_FOR_OTHERS, PACKAGE, case(TAX), "import")
    assert isinstance(results[1], Receipt)
    hall.does(certifying(case(BOOKS), "03-03")[-1])
    assert hall.told(case(TAX)) == ["CaseJoined", "CaseJoined", "CaseReceived"]
    note = CompleteStep(case="C-9", by=CLERK, at=moment("03-02 09:30"), name="looked at")
    looked_at = hall.engine.handle(note)
    assert isinstance(looked_at, Receipt)
    (started,) = hall.engine.record([History(case(TAX), "i3", looked_at.events, SOURCE, continues=True)])  # type: ignore[arg-type]
    assert isinstance(started, Receipt), "it waits no more"


def test_an_import_tells_no_end_of_a_case_past_its_package_and_may_tell_all_else() -> None:
    hall = Hall().does(opening(coffee="no"))
    withdrawn = CaseWithdrawn(at=moment("03-03 09:00"), by=CLERK, reason="no shop after all")
    (refused,) = hall.engine.record([History(case(BOOKS), "i1", (withdrawn,), SOURCE, continues=True)])
    assert refused == Refused(Reason.PACKAGE_MUST_KNOW, PACKAGE, case(BOOKS), "import")
    looked_at = StepCompleted(at=moment("03-03 09:00"), by=CLERK, name="looked at")
    (told,) = hall.engine.record([History(case(BOOKS), "i2", (looked_at,), SOURCE, continues=True)])
    assert isinstance(told, Receipt)
    hall.does(WithdrawCase(case=case(BOOKS), by=CLERK, at=moment("03-03 10:00"), reason="no shop after all"))
    assert only(PackageClosed, hall.facts(PACKAGE, PackageClosed)).failed == 2


def test_an_imported_case_that_waits_in_a_package_kept_elsewhere_goes_on_by_import() -> None:
    waits = {"at": moment("03-02 09:00"), "by": CLERK, "package": "ELSEWHERE", "theme": THEME.code, "visits_promised": 2}
    hall = Hall()
    hall.engine.record([History("C-9", "i1", (CaseJoined(**waits, waiting=True),), SOURCE)])  # type: ignore[arg-type]
    (goes_on,) = hall.engine.record([History("C-9", "i2", (_received(),), SOURCE, continues=True)])
    assert isinstance(goes_on, Receipt)


def test_an_imported_case_of_a_package_kept_elsewhere_goes_its_way() -> None:
    hall = Hall()
    joined = CaseJoined(
        at=moment("03-02 09:00"), by=CLERK, package="ELSEWHERE", theme=THEME.code, subject=None, visits_promised=2
    )
    hall.engine.record([History("C-9", "i1", (joined, _received()), SOURCE)])
    hall.does(accepting("C-9", "03-02 10:00"), withdrawing("C-9", "03-03 09:00"))
    assert hall.engine.history("ELSEWHERE") == []


def test_an_imported_case_cannot_have_joined_what_is_no_package() -> None:
    hall = Hall().does(ReceiveCase(case="C-1", by=CLERK, at=moment("03-02 09:00"), item=BOOKS, hall=HALL))
    joined = CaseJoined(at=moment("03-02 09:00"), by=CLERK, package="C-1", theme=THEME.code, subject=None, visits_promised=2)
    results = hall.engine.record([History("C-9", "i1", (joined, _received()), SOURCE)])
    assert results == [Refused(Reason.OTHER_KIND, "C-1: case", "C-9", "import")]


def _joined(package: str, **rest: Any) -> CaseJoined:
    return CaseJoined(
        at=moment("03-02 09:00"), by=CLERK, package=package, theme=THEME.code, subject=None, visits_promised=2, **rest
    )


def test_an_imported_case_cannot_have_joined_what_comes_in_beside_it_as_a_case() -> None:
    hall = Hall()
    told = [History("C-9", "i1", (_joined("C-1"), _received()), SOURCE), History("C-1", "i2", (_received(),), SOURCE)]
    refused, receipt = hall.engine.record(told)
    assert refused == Refused(Reason.OTHER_KIND, "C-1: case", "C-9", "import")
    assert isinstance(receipt, Receipt)


def test_an_import_is_looked_at_again_where_a_case_takes_the_name_of_a_package_meanwhile() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    taken = ReceiveCase(case="C-1", by=CLERK, at=moment("03-02 09:00"), item=BOOKS, hall=HALL)
    log.before.append(lambda: other.does(taken))
    results = mine.engine.record([History("C-9", "i1", (_joined("C-1"), _received()), SOURCE)])
    assert results == [Refused(Reason.OTHER_KIND, "C-1: case", "C-9", "import")]
    assert mine.engine.history("C-9") == []


def test_an_import_is_looked_at_again_where_the_package_of_its_case_is_opened_here_meanwhile() -> None:
    log = Rival()
    mine, other = Hall(log=log), Hall(log=log)
    mine.engine.record([History("C-9", "i1", (_joined(PACKAGE), _received()), SOURCE)])
    log.before.append(lambda: other.does(opening()))
    withdrawn = CaseWithdrawn(at=moment("03-03 09:00"), by=CLERK, reason="no shop after all")
    (refused,) = mine.engine.record([History("C-9", "i2", (withdrawn,), SOURCE, continues=True)])
    assert refused == Refused(Reason.PACKAGE_MUST_KNOW, PACKAGE, "C-9", "import")


def test_an_import_may_name_a_package_that_cannot_be_read() -> None:
    log = Rival()
    log.ledger.insert_events([StoredEvent("ELSEWHERE", 1, "package.of_tomorrow.v1", b"{}")])
    hall = Hall(log=log)
    (receipt,) = hall.engine.record([History("C-9", "i1", (_joined("ELSEWHERE"), _received()), SOURCE)])
    assert isinstance(receipt, Receipt)


def test_a_package_knows_nothing_of_an_imported_case_that_says_it_joined() -> None:
    hall = Hall().does(opening())
    joined = CaseJoined(
        at=moment("03-02 09:00"), by=CLERK, package=PACKAGE, theme=THEME.code, subject=None, visits_promised=2
    )
    hall.engine.record([History("C-9", "i1", (joined, _received()), SOURCE)])
    before = hall.package
    hall.does(accepting("C-9", "03-02 10:00"), withdrawing("C-9", "03-03 09:00"))
    assert hall.package == before


def test_a_case_of_no_package_has_nothing_follow() -> None:
    hall = Hall(OFFICE._replace(catalogue=Catalogue(ITEMS)))
    hall.does(ReceiveCase(case="C-1", by=CLERK, at=moment("03-02 09:00"), item=BOOKS, hall=HALL))
    hall.does(accepting("C-1", "03-02 10:00"), withdrawing("C-1", "03-03 09:00"))
    assert {fact.stream for fact in hall.engine.follow()} == {"C-1"}
