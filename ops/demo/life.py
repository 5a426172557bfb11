"""One simulated case while it is lived: what was done so far, when it goes on, and what happens to it by chance.

Chance decides what happens to a case, always the same chance for the same seed. It plays by the rules the engine
enforces: no act comes before its time, nobody approves what he accepted, nothing is closed while it is suspended.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from casecore.calendar import WorkCalendar
from casecore.case.command import CaseCommand
from casecore.given import Visit
from casecore.vocabulary import Place
from ops.demo.arrival import CHENGDU, NEAR, PLACES, Arrival

__all__ = ["OPENS", "Act", "Life"]

OPENS: Final = time(9)
SHARES: Final = {
    "papers posted": 0.2,
    "pre-review returned": 0.08,
    "corrected on the spot": 0.05,
    "void": 0.005,
    "typing error": 0.5,
    "declined": 0.012,
    "withdrawn": 0.006,
    "correction": 0.1,  # of the cases whose papers a clerk looks at: about 8 % of all
    "correction for the agency": 0.15,
    "agency told it completely": 0.5,
    "asked again": 0.08,
    "correction never comes": 0.07,
    "correction still awaited": 0.03,
    "corrected online, handed in on paper": 0.2,
    "overdue": 0.06,
    "open": 0.042,
    "refused": 0.025,
    "transferred": 0.025,
    "handed back": 0.03,
    "suspended": 0.06,
    "suspended too long": 0.1,
    "extended": 0.02,
    "result not fetched": 0.02,
    "nothing to hand over": 0.35,
    "courier brings it back": 0.06,
    "courier loses it": 0.011,
    "rated": 0.5,
    "rated by default": 0.15,
    "void in the end": 0.002,
}
"""How often what happens; assumed."""


class Act(NamedTuple):
    """One command in the making."""

    at: datetime
    kind: Callable[..., CaseCommand]
    by: str
    rest: dict[str, Any]


class Life:
    """One case while it is lived: where its clock stands and what was done so far."""

    def __init__(self, case: str, arrival: Arrival, rng: Random, calendar: WorkCalendar) -> None:
        self.case, self.arrival, self.rng, self.calendar = case, arrival, rng, calendar
        self.item = arrival.item
        self.at = arrival.at
        self.acts: list[Act] = []
        number = rng.randint(1, 12)
        self.desk = arrival.hall.desk
        self.window = f"{number:02d}号"
        self.clerk = f"{self.desk}-{number:02d}"
        if arrival.automatic:
            self.clerk = f"{self.desk}-自助{number:02d}"

    def happens(self, what: str) -> bool:
        """Whether it happens to this case."""
        return self.rng.random() < SHARES[what]

    def do(self, kind: Callable[..., CaseCommand], by: str, at: datetime | None = None, /, **rest: Any) -> None:  # noqa: ANN401
        """Act now, or at a given time."""
        self.acts.append(Act(at or self.at, kind, by, rest))

    def wait(self, least: int, most: int) -> None:
        """Let some minutes pass."""
        self.at += timedelta(seconds=self.rng.randint(least * 60, most * 60))

    def sleep(self, least: int, most: int) -> None:
        """Let some working days pass, until the desks are open again."""
        self.wake(self.calendar.due(self.at.date(), self.rng.randint(least, most)))

    def travel(self, least: int, most: int) -> None:
        """Let some natural days pass, or some minutes of the same day."""
        days = self.rng.randint(least, most)
        if days == 0:
            self.wait(5, 90)
        else:
            self.wake(self.at.date() + timedelta(days=days), within=600)

    def wake(self, day: date, within: int = 360) -> None:
        """Go on some minutes after the desks open on a day."""
        self.at = datetime.combine(day, OPENS, CHENGDU) + timedelta(seconds=self.rng.randrange(within * 60))

    def officer(self, department: str) -> str:
        """Somebody of a department; never one of the desk's clerks."""
        return f"{department}-{self.rng.randint(1, 9):02d}"

    def present(self) -> Visit | None:
        """The visit the applicant is on just now, if any: what is done in it costs no further trip."""
        visits = [(act.at.date(), act.rest["visit"]) for act in self.acts if act.rest.get("visit") is not None]
        if not visits or visits[-1][0] != self.at.date() or visits[-1][1].place is Place.HOME:
            return None
        visit: Visit = visits[-1][1]
        return visit

    def visit(self) -> Visit:
        """Another visit of the applicant's, for this case alone."""
        number = 1 + sum(act.rest.get("visit") is not None for act in self.acts)
        place = PLACES.get(self.arrival.channel, Place.HALL)
        return Visit(visit=f"{self.case}-V{number}", place=place, hall=NEAR.get(place))
