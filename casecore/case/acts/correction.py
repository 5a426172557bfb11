"""Corrections (补正, 当场更正, Art. 32(3)-(4)): everything missing is told once."""

from datetime import datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.case.acts.acceptance import notice_too_late
from casecore.case.acts.trips import comes_home, trips_of
from casecore.case.command import CaseCommand
from casecore.case.facts.correction import CorrectedOnSpot, CorrectionFact, CorrectionRequested, CorrectionSubmitted
from casecore.case.file import CaseFile
from casecore.case.parts import Correction
from casecore.case.stages import stages
from casecore.given import Coming, Visit
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value
from casecore.vocabulary import Cause, CausedBy, Channel, Stage
from casecore.whereabouts import led_to

__all__ = ["CorrectOnSpot", "RequestCorrection", "SubmitCorrection"]


@value
class CorrectOnSpot(CaseCommand):
    """当场更正: let the applicant put something right at once."""

    materials: tuple[str, ...]


@value
class RequestCorrection(CaseCommand):
    """补正告知: tell the applicant what is missing, all of it at once."""

    materials: tuple[str, ...]
    complete: bool = True
    caused_by: CausedBy = CausedBy.APPLICANT
    notice: str | None = None


@value
class SubmitCorrection(CaseCommand):
    """补正提交: hand in what was missing."""

    materials: tuple[str, ...] = ()
    visit: Visit | None = None
    channel: Channel | None = None
    """How it comes in; as the application did where nobody says so."""

    @property
    def coming(self) -> Coming | None:
        """The visit in which it was handed in."""
        return None if self.visit is None else Coming(self.visit, Cause.CORRECT)


def correct_on_spot(file: CaseFile, command: CorrectOnSpot, at: datetime, office: Office) -> Ruling:
    """What can be put right on the spot is (Art. 32(3)): no notice, no trip."""
    if not command.materials:
        return Refused(Reason.NOTHING_NAMED)
    return (made(CorrectedOnSpot, command, at),)


def request_correction(file: CaseFile, command: RequestCorrection, at: datetime, office: Office) -> Ruling:
    """Everything missing is told once (Art. 32(4)); a further notice may only repeat what is still missing."""
    if not command.materials:
        return Refused(Reason.NOTHING_NAMED)
    if too_late := notice_too_late(file, at, office):
        return too_late
    if file.corrections:
        news = sorted(set(command.materials) - set(file.corrections[0].materials))
        if news:
            return Refused(Reason.NOT_IN_FIRST_NOTICE, ", ".join(news))
    requested = made(CorrectionRequested, command, at)
    return (requested,)


def submit_correction(file: CaseFile, command: SubmitCorrection, at: datetime, office: Office) -> Ruling:
    """The corrections are in."""
    came = led_to(command.coming, file.hall, at.date(), office, at_window=not comes_home(file))
    trips = trips_of(file, came, at, command.by)
    if isinstance(trips, Refused):
        return trips
    return (made(CorrectionSubmitted, command, at), *trips)


def _correction_submitted(file: CaseFile, event: CorrectionSubmitted) -> CaseFile:
    """Close the last open correction round; from CORRECTING the case is received again, all papers now in."""
    rounds = list(file.corrections)
    for index in reversed(range(len(rounds))):
        if rounds[index].submitted_at is None:
            rounds[index] = rounds[index]._replace(submitted_at=event.at, brought=event.materials, channel=event.channel)
            break
    if file.stage is not Stage.CORRECTING:
        return file._replace(corrections=tuple(rounds))
    return file._replace(corrections=tuple(rounds), stage=Stage.RECEIVED, stage_at=event.at)


def _evolve(file: CaseFile, fact: CorrectionFact) -> CaseFile:
    match fact:
        case CorrectedOnSpot():
            service = file.service.taken_in(fact.materials, file.hall, fact.at)
            return file._replace(service=service._replace(put_right=grown(service.put_right, fact.at)))
        case CorrectionRequested():
            round_ = Correction(fact.at, fact.materials, fact.complete, fact.caused_by)
            asked = file._replace(corrections=grown(file.corrections, round_))
            # A correction asked for after acceptance (an imported log may know one) does not undo the acceptance.
            return asked._replace(stage=Stage.CORRECTING, stage_at=fact.at) if file.stage is Stage.RECEIVED else asked
        case CorrectionSubmitted():
            corrected = _correction_submitted(file, fact)
            return corrected._replace(service=file.service.taken_in(fact.materials, file.hall, fact.at))
        case _:
            assert_never(fact)


CORRECTION: Final = Act(
    "补正",
    facts=facts_in(CorrectionFact),
    evolve=_evolve,
    rules={
        CorrectOnSpot: Rule(correct_on_spot, (CorrectedOnSpot,), stages(Stage.RECEIVED)),
        RequestCorrection: Rule(request_correction, (CorrectionRequested,), stages(Stage.RECEIVED)),
        SubmitCorrection: Rule(submit_correction, (CorrectionSubmitted,), stages(Stage.CORRECTING)),
    },
)
"""What is missing is told, once and all of it, and handed in; a slip is put right on the spot."""
