"""Facts of a visit (到场)."""

from casecore.annotations import Id, PersonalId
from casecore.fact import Fact, fact
from casecore.phrases import NOTHING, because, number_of, sentence
from casecore.said import Said
from casecore.vocabulary import Cause, Need, Place, Purpose, VainReason, Visitor

__all__ = ["CaseServed", "VisitEvent", "VisitLeft", "VisitOpened"]


@fact("visit.opened.v1", "到场")
class VisitOpened(Fact):
    """到场: somebody came, whatever for; no case is needed. Told late, it lies before what the visit served."""

    hall: Id
    number: Id
    """The hall's own number (排队号), which begins anew each morning."""
    visitor: Visitor = Visitor.APPLICANT
    place: Place = Place.HALL
    purpose: Purpose | None = None
    """None where nobody asked."""
    person: PersonalId | None = None
    """Who came: the applicant, whoever the applicant sent, or the 代办员."""
    persons: int = 1
    """人次: how many came together under the number."""
    items: tuple[Id, ...] = ()
    """The items asked for."""
    needs: tuple[Need, ...] = ()
    device: Id | None = None
    """The entry or terminal (闸机, 自助终端) it was told by."""
    id_hash: str | None = None
    """刷证入场: the SHA-256 of the identity swiped at the entry, hexadecimal; never the identity itself."""

    def told(self) -> Said:
        """Who came where, and what for."""
        who = Said(self.person, f" {self.person}") if self.person else NOTHING
        many = self.persons != 1
        together = Said(f"等 {self.persons} 人", f", {number_of(self.persons, 'person')}") if many else NOTHING
        asked = self._asked()
        return sentence(
            f"{self.number} 号：{self.visitor.zh}{who.zh}{together.zh}到 {self.hall}（{self.place.zh}）{asked.zh}",
            f"{self.number}: {self.visitor.zh}{who.en}{together.en} came to {self.hall} ({self.place.zh}){asked.en}",
        )

    def _asked(self) -> Said:
        """What for, with which help, and how it was told."""
        items, needs = self.items, tuple(need.zh for need in self.needs)
        parts = (
            Said(f"，事由：{self.purpose.zh}", f" for {self.purpose.zh}") if self.purpose else NOTHING,
            Said(f"，拟办事项：{'、'.join(items)}", f", asks for {', '.join(items)}") if items else NOTHING,
            Said(f"，需要{'、'.join(needs)}", f", needs {', '.join(needs)}") if needs else NOTHING,
            Said(f"，设备 {self.device}", f", device {self.device}") if self.device else NOTHING,
            Said("，已刷证入场", ", identity swiped at the entry (刷证)") if self.id_hash else NOTHING,
        )
        return Said("".join(one.zh for one in parts), "".join(one.en for one in parts))


@fact("visit.case_served.v1", "办理办件")
class CaseServed(Fact):
    """办理: an act of a case was done in the visit; the first fact of a visit of which nobody told that it began."""

    hall: Id
    number: Id
    case: Id
    cause: Cause
    visitor: Visitor
    place: Place
    applicant: PersonalId | None = None
    """Whose case it is; None while the case does not say."""
    agent: PersonalId | None = None
    """Which 代办员 came, where one did."""
    device: Id | None = None
    """Which terminal (自助终端) it was handled at."""
    id_hash: str | None = None
    """刷证入场: as in the visit's opening."""

    def told(self) -> Said:
        """Which case, and what for."""
        agent = Said(self.agent, f" {self.agent}") if self.agent else NOTHING
        return sentence(
            f"{self.hall} {self.number} 号：{self.visitor.zh}{agent.zh}办理办件 {self.case}，事由：{self.cause.zh}",
            f"{self.number} at {self.hall}: {self.visitor.zh}{agent.en} for {self.cause.zh} of {self.case}",
        )


@fact("visit.left.v1", "离场")
class VisitLeft(Fact):
    """离场: whoever came has gone; in vain (白跑) where a reason says so."""

    in_vain: VainReason | None = None
    note: str | None = None
    """What was missing, or what stood in the way."""

    @property
    def term(self) -> str:
        """白跑 where it was in vain."""
        return self.zh if self.in_vain is None else "离场:白跑"

    def told(self) -> Said:
        """Whether it was in vain, and why."""
        note = because(self.note, "说明")
        if self.in_vain is None:
            return sentence(f"已离场{note.zh}", f"left{note.en}")
        return sentence(f"白跑，原因：{self.in_vain.zh}{note.zh}", f"left in vain (白跑): {self.in_vain.zh}{note.en}")


VisitEvent = VisitOpened | CaseServed | VisitLeft
"""Every fact a visit's history may hold."""
