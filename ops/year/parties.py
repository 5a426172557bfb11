"""What becomes of those who come: every party of a day, as commands in the order of time."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from casecore.calendar import WorkCalendar
from casecore.case.acts.closing import WithdrawCase
from casecore.service_item import Catalogue
from casecore.visit.acts import LeaveVisit, OpenVisit
from casecore.vocabulary import Channel, Outcome, Purpose, VainReason
from ops.demo.arrival import Arrival
from ops.demo.life import Act
from ops.demo.simulation import live
from ops.year.boxes import emptyings
from ops.year.coming import Comers
from ops.year.days import Day, Share, desks_open, some_moment
from ops.year.packages import houses
from ops.year.telling import Party, Telling

__all__ = ["Town"]

SHARES: Final = {
    "registered": 0.7,  # of the visits to a hall's window
    "came together": 0.12,
    "filed again": 0.4,  # of those withdrawn, or closed because the corrections never came
    "consulted": 0.06,  # visits, of the day's cases
    "in vain": 0.02,
}
"""How often what happens; assumed. What happens to a case: :data:`ops.demo.life.SHARES`."""
AGAIN_DAYS: Final = (1, 12)
"""Working days after which somebody files again (重新申报)."""
COUNTER: Final = "取号机-1"


class Town:
    """A district's halls and those who come to them, day by day."""

    def __init__(self, share: Share, district: str, catalogue: Catalogue, calendar: WorkCalendar) -> None:
        self._share, self.district = share, district
        self._catalogue, self._calendar = catalogue, calendar

    def parties(self, day: Day) -> Iterator[Party]:
        """Give the parties of one day, whose facts may reach far beyond it."""
        comers = Comers(self._share, day, self._catalogue, self._calendar)
        first_id = f"{self.district}{day.day:%Y%m%d}"
        serial = 0
        for group in comers.groups():
            told = Telling(self._share)
            acts: list[Act] = []
            for arrival in group:
                serial += 1
                acts += self._live(told, f"{first_id}{serial:06d}", arrival, comers)
            if group[0].channel is Channel.WINDOW and self._happens(comers, "registered"):
                _register(told, group, acts, comers)
            yield told.told()
        if day.working:
            yield from self._without_case(comers)
            yield from houses(comers, self._catalogue, self._share, first_id)
            yield from emptyings(comers, self._catalogue, self._calendar, self._share, first_id)

    def _live(self, told: Telling, case: str, arrival: Arrival, comers: Comers) -> list[Act]:
        """One case, and the one its applicant files in its place where it came to nothing."""
        acts = live(case, arrival, comers.rng, self._calendar)
        told.acts(case, acts)
        if _came_to_nothing(acts[-1]) and self._happens(comers, "filed again"):
            back = self._calendar.due(acts[-1].at.date(), comers.rng.randint(*AGAIN_DAYS))
            again = self._on(back, arrival, comers)
            told.acts(f"{case}-2", live(f"{case}-2", again, comers.rng, self._calendar))
        return acts

    def _on(self, day: date, arrival: Arrival, comers: Comers) -> Arrival:
        """The same on a working day: whoever came to a machine comes to the hall's desk."""
        at = some_moment(comers.rng, day, desks_open(arrival.hall, day, self._calendar))
        filed_at = at - timedelta(seconds=comers.rng.randrange(2000, 30_000)) if arrival.filed else at
        return arrival._replace(at=at, filed_at=filed_at, visit=f"{arrival.visit}-2")

    def _without_case(self, comers: Comers) -> Iterator[Party]:
        """Visits that serve no case: who asks for advice, and who came in vain (白跑)."""
        for what in ("consulted", "in vain"):
            for _ in range(int(comers.count * SHARES[what] + comers.rng.random())):
                desk = comers.desk()
                if desk is None:
                    return
                told, (hall, at), number = Telling(self._share), desk, comers.number()
                visit = {"hall": hall.name, "on": comers.day, "number": number}
                about = f"{hall.name}:{comers.day.isoformat()}:{number}"
                consulted = what == "consulted"
                purpose = Purpose.CONSULT if consulted else Purpose.HANDLE
                told.act(OpenVisit, about, COUNTER, at, **visit, purpose=purpose)
                clerk, left = f"{hall.desk}-{comers.rng.randint(1, 12):02d}", at + _minutes(comers, 8, 50)
                told.act(LeaveVisit, about, clerk, left, **visit, in_vain=None if consulted else VainReason.PAPERS_MISSING)
                yield told.told()

    def _happens(self, comers: Comers, what: str) -> bool:
        return comers.rng.random() < SHARES[what]


def _came_to_nothing(last: Act) -> bool:
    """Whether a case was withdrawn, or closed because corrections never came: what it was about is filed again."""
    return last.kind is WithdrawCase or last.rest.get("outcome") is Outcome.CORRECTION_NOT_SUPPLIED


def _register(told: Telling, group: tuple[Arrival, ...], acts: list[Act], comers: Comers) -> None:
    """Tell of a visit by its number: whoever comes takes one, waits, and leaves when all is done that is done there."""
    first, on = group[0], comers.day
    hall = first.hall
    number = first.visit
    visit = {"hall": hall.name, "on": on, "number": number}
    about = f"{hall.name}:{on.isoformat()}:{number}"
    persons = 1 + (comers.rng.random() < SHARES["came together"])
    items = tuple(dict.fromkeys(arrival.item.code for arrival in group))
    told.act(
        OpenVisit,
        about,
        COUNTER,
        first.at - _minutes(comers, 1, 14),
        **visit,
        purpose=Purpose.HANDLE,
        persons=persons,
        items=items,
    )
    served = max(act.at for act in acts if (came := act.rest.get("visit")) is not None and came.visit == number)
    told.act(LeaveVisit, about, f"{hall.desk}-门岗", served + _minutes(comers, 1, 5), **visit)


def _minutes(comers: Comers, least: int, most: int) -> timedelta:
    return timedelta(seconds=comers.rng.randint(least * 60, most * 60))
