"""Who holds which original (原件交接): one fact a link of the chain of custody."""

from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import PersonalId
from casecore.case.acts.agents import without_mandate
from casecore.case.command import CaseCommand
from casecore.case.facts.custody import CustodyFact, PapersHandedOver
from casecore.case.file import CaseFile
from casecore.case.parts import Custody
from casecore.case.stages import ANY
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value
from casecore.vocabulary import HolderKind, Place

__all__ = ["HandOverPapers"]


@value
class HandOverPapers(CaseCommand):
    """原件交接: originals change hands; who gives them must hold them."""

    materials: tuple[str, ...]
    giver_kind: HolderKind
    giver: PersonalId
    holder_kind: HolderKind
    holder: PersonalId
    place: Place | None = None


def hand_over_papers(file: CaseFile, command: HandOverPapers, at: datetime, office: Office) -> Ruling:
    """Originals change hands: from whoever holds them, and to an agent only under a mandate.

    Links are told in their order. Whoever has lost the mandate may still give back what he holds.
    """
    held = [(material, file.service.held(material)) for material in command.materials]
    last = max((holder.since for _, holder in held if holder is not None), default=None)
    if last is not None and at < last:
        return Refused(Reason.BEFORE_STAGE, last.isoformat())
    if command.holder_kind is HolderKind.AGENT and (refused := without_mandate(file, command.holder, at)):
        return refused
    if not command.materials:
        return Refused(Reason.NOTHING_NAMED, "materials")
    for material, holder in held:
        if not _holds(holder, command):
            return Refused(Reason.NOT_THE_HOLDER, material)
    handed_over = made(PapersHandedOver, command, at)
    return (handed_over,)


def _holds(holder: Custody | None, command: HandOverPapers) -> bool:
    """Whether the giver has an original; what never left the applicant the applicant has, whoever that is by name."""
    if holder is None:
        return command.giver_kind is HolderKind.APPLICANT
    return command.giver_kind is holder.kind and holder.holder in ("", command.giver)


def _evolve(file: CaseFile, fact: CustodyFact) -> CaseFile:
    service = file.service.held_by(fact.materials, fact.holder_kind, fact.holder, fact.at)
    return file._replace(service=service._replace(handovers=grown(service.handovers, fact)))


CUSTODY: Final = Act(
    "原件交接",
    facts=facts_in(CustodyFact),
    evolve=_evolve,
    rules={
        HandOverPapers: Rule(hand_over_papers, (PapersHandedOver,), ANY, late=True),
    },
)
"""Originals change hands, link by link."""
