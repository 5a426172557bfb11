"""The drop box (小蜜蜂箱) of the simulated year: emptied twice on every working day, sorted to the departments."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from casecore.calendar import WorkCalendar
from casecore.case.acts.application import PassPreReview, SubmitApplication
from casecore.case.acts.deposits import DepositPapers
from casecore.drop_box.acts import CollectBox
from casecore.service_item import Catalogue
from casecore.vocabulary import Channel, HandlingKind
from ops.demo.arrival import CHENGDU, Arrival
from ops.demo.demand import HALLS
from ops.demo.life import Life
from ops.demo.simulation import accepted_on
from ops.year.coming import Comers
from ops.year.days import Share
from ops.year.telling import Party, Telling

__all__ = ["emptyings"]

SHARE: Final = 0.003
"""Cases whose papers come through the box at one emptying, of the day's; assumed."""
ITEM: Final = "courier-application"
EMPTIED: Final = (time(9), time(15))
SINCE_HOURS: Final = (15, 5.5)
"""How long before an emptying the first papers of it are put in."""


def emptyings(comers: Comers, catalogue: Catalogue, calendar: WorkCalendar, share: Share, first_id: str) -> Iterator[Party]:
    """Give the emptyings of a working day, each with the cases whose papers lay there."""
    item = catalogue.find(ITEM, comers.day)
    if item is None or item.handling is HandlingKind.INSTANT or Channel.MOBILE not in item.channels:
        return
    for box in catalogue.boxes.values():
        for number, (emptied, hours) in enumerate(zip(EMPTIED, SINCE_HOURS, strict=True), 1):
            told, rng = Telling(share), comers.rng
            at = datetime.combine(comers.day, emptied, CHENGDU)
            for n in range(1, int(comers.count * SHARE + rng.random()) + 1):
                case = f"{first_id}B{number}{n:05d}"
                put_in = at - timedelta(seconds=rng.randrange(600, int(hours * 3600)))
                arrival = Arrival(
                    item=item,
                    channel=Channel.MOBILE,
                    hall=HALLS[0],
                    at=at,
                    filed_at=put_in - timedelta(seconds=rng.randrange(900, 3500)),
                    applicant=comers.applicant(),
                    kind=rng.choice(item.serves),
                    visit="",
                )
                life = Life(case, arrival, rng, calendar)
                filed = {"item": item.code, "channel": Channel.MOBILE, "applicant_kind": arrival.kind}
                life.do(SubmitApplication, arrival.applicant, arrival.filed_at, applicant=arrival.applicant, **filed)
                life.do(PassPreReview, life.clerk, put_in - timedelta(seconds=300))
                deposit = {"box": box.code, "deposit": f"{case}-D1", "materials": item.materials}
                life.do(DepositPapers, arrival.applicant, put_in, **deposit)
                told.acts(case, accepted_on(life))
            day = f"{box.code}:{comers.day.isoformat()}:{number}"
            told.act(CollectBox, day, "邮政揽收", at, box=box.code)
            yield told.told()
