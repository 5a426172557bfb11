"""What a visit (到场) learns of the cases it serves: each act that names it, whether or not it makes another trip."""

from collections.abc import Iterator
from datetime import datetime

from casecore.case.command import CaseCommand
from casecore.case.file import CaseFile
from casecore.command import Command
from casecore.given import Coming
from casecore.package.acts.opening import OpenPackage
from casecore.visit.acts import ServeInVisit
from casecore.visit_ids import VisitName, visit_id
from casecore.vocabulary import Cause

__all__ = ["foreseen", "in_visit"]


def in_visit(command: Command, at: datetime, file: CaseFile) -> Iterator[ServeInVisit]:
    """What the visit learns that an act of a case was done in; ``file`` is the case's after it, ``at`` when it was done."""
    coming = command.coming if isinstance(command, CaseCommand) else None
    name = None if coming is None else coming.named(file.hall, at.date())
    if coming is not None and name is not None:
        visit, stream = coming.visit, visit_id(*name)
        yield ServeInVisit(
            hall=name.hall,
            on=name.on,
            number=name.number,
            by=command.by,
            at=at,
            case=command.stream,
            cause=coming.cause,
            visitor=visit.visitor,
            place=next((trip.place for trip in reversed(file.trips) if trip.visit == stream), visit.place),
            applicant=file.applicant,
            agent=visit.agent,
            device=visit.device,
            id_hash=visit.id_hash,
        )


def foreseen(command: Command, now: datetime) -> Iterator[str]:
    """The visit an act will be written to, as far as the command itself says which: it is read with the case at once."""
    coming = command.coming if isinstance(command, CaseCommand) else None
    if isinstance(command, OpenPackage) and command.visit is not None:
        coming = Coming(command.visit, Cause.SUBMIT, command.hall)
    name: VisitName | None = None if coming is None else coming.named(None, (command.at or now).date())
    if name is not None:
        yield visit_id(*name)
