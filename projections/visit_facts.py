"""``visit_facts``: one row a visit (到场), whether it served a case or none: person-times, visits in vain, consultations."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from casecore.kinds import VISIT
from casecore.visit.file import VisitFile
from casecore.vocabulary import Cause, Place, Purpose
from projections.projection import Projection, Subject

__all__ = ["VISIT_FACTS", "VisitFact"]


class VisitFact(NamedTuple):
    """One visit to a hall or site; trips of cases name it as their ``visit``."""

    log: str
    visit_id: str
    stream_version: int
    hall: str
    came_on: date
    number: str
    """The hall's own number (排队号), which holds for that day."""
    came_at: str
    """When it began, local time: ``09:05``; where nobody told, when it first served a case."""
    left_at: str | None
    """When it was left, on whatever day; None while nobody told."""
    minutes: int | None
    arrival_told: int
    """1 where arriving was told, and so how many came and what for."""
    persons: int
    """How many came under the number; 1 where nobody said."""
    person_times: int
    """服务办事人次: the same, but 0 of a 代办员, of home service and of a visit to another's premises (厅外单位)."""
    visitor: str
    place: str
    purpose: str | None
    """What they came for, as told on arriving."""
    consultation: int
    """1 when they came for advice (咨询): said on arriving, else where nothing but advice was given."""
    items: str | None
    """The items asked for, separated by commas."""
    needs: str | None
    """The help needed (外语, 手语, 一对一 …), separated by commas."""
    cases: int
    """How many cases it served."""
    acts: int
    """How many acts of them were done in it."""
    ended: int
    """1 once it is known how it ended: it was left, or served a case."""
    in_vain: int
    """1 when it was in vain (白跑)."""
    vain_reason: str | None
    swiped: int
    """1 for an entry by identity card (刷证入场)."""
    kiosk: int
    """1 when they came to machines: the self-service area (自助区), or a terminal."""
    device: str | None


def _rows(subject: Subject[VisitFile]) -> Iterator[VisitFact]:
    file = subject.file
    told, began = file.told_by, file.began_at
    if told is None or began is None:
        return
    left, opened, facts = file.left, file.opened, (file.opened, *file.served)
    devices = [one.device for one in facts if one is not None and one.device is not None]
    yield VisitFact(
        log=subject.log,
        visit_id=subject.stream,
        stream_version=file.version,
        hall=told.hall,
        came_on=began.date(),
        number=told.number,
        came_at=_clock(began),
        left_at=None if left is None else _clock(left.at),
        minutes=file.minutes,
        arrival_told=int(opened is not None),
        persons=file.persons,
        person_times=file.person_times,
        visitor=told.visitor.value,
        place=told.place.value,
        purpose=None if opened is None or opened.purpose is None else opened.purpose.value,
        consultation=int(_consultation(file)),
        items=_listed(opened.items) if opened is not None else None,
        needs=_listed(tuple(need.value for need in opened.needs)) if opened is not None else None,
        cases=len(file.cases),
        acts=len(file.served),
        ended=int(left is not None or bool(file.served)),
        in_vain=int(left is not None and left.in_vain is not None),
        vain_reason=left.in_vain.value if left is not None and left.in_vain is not None else None,
        swiped=int(any(one is not None and one.id_hash is not None for one in facts)),
        kiosk=int(told.place in (Place.HALL_KIOSK, Place.COMMUNITY_KIOSK)),
        device=devices[0] if devices else None,
    )


def _consultation(file: VisitFile) -> bool:
    purpose = file.opened.purpose if file.opened is not None else None
    if purpose is not None:
        return purpose is Purpose.CONSULT
    return bool(file.served) and all(one.cause is Cause.CONSULT for one in file.served)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def _listed(names: tuple[str, ...]) -> str | None:
    return ",".join(names) or None


VISIT_FACTS = Projection("visit_facts", 1, VisitFact, _rows, VISIT)
"""One row a visit."""
