"""Admitting a clock (准许时钟提前): an operator says up to which instant the log's time may run ahead.

The clock of a machine that lies further ahead than the district's rule lets it records nothing: every later fact would be
recorded no earlier (``recorded_at`` only grows). Where the machine is right after all, as after months of rest, or whoever
answers for the log wants it so, this fact says so. It counts for its own recording too, or nobody could give it.
"""

from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling, made
from casecore.district.acts import DistrictCommand
from casecore.district.file import DistrictFile, DistrictStage
from casecore.fact import Fact, fact
from casecore.office import Office
from casecore.phrases import because, sentence
from casecore.refusals import Reason, Refused, blank
from casecore.said import Said
from casecore.value import value

__all__ = ["ADMISSION", "AdmitClock", "ClockAdmitted"]


@fact("district.clock_admitted.v1", "准许时钟提前")
class ClockAdmitted(Fact):
    """Machines whose clocks lie ahead may record up to an instant."""

    until: datetime
    """The latest a clock may say, however far ahead that is; what was admitted last takes the place of all before."""
    reason: str

    def told(self) -> Said:
        """Until when, and why."""
        why, until = because(self.reason, "理由"), self.until
        day, clock = until.date().isoformat(), f"{until.hour:02} 时 {until.minute:02} 分"
        return sentence(f"准许时钟提前至 {day} {clock}{why.zh}", f"clocks may be ahead up to {day} {until:%H:%M}{why.en}")


@value
class AdmitClock(DistrictCommand):
    """准许时钟提前: let what machines record whose clocks are ahead of the district's rule, up to an instant."""

    until: datetime
    reason: str


def admit_clock(file: DistrictFile, command: AdmitClock, at: datetime, office: Office) -> Ruling:
    """Admitted up to an instant no earlier than this (``at``); one that ends at it ends what was admitted before."""
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    if command.until < at:
        return Refused(Reason.ENDED_BEFORE_STARTED, command.until.isoformat())
    return (made(ClockAdmitted, command, at),)


def _evolve(file: DistrictFile, admitted: ClockAdmitted) -> DistrictFile:
    return file._replace(admitted=admitted.until)


ADMISSION: Final = Act(
    "准许时钟提前",
    facts=(ClockAdmitted,),
    evolve=_evolve,
    rules={AdmitClock: Rule(admit_clock, (ClockAdmitted,), frozenset(DistrictStage))},
)
"""An operator lets clocks be ahead."""
