"""Who comes to which hall for what: how a simulated case begins."""

from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from casecore.given import Visit
from casecore.service_item import ServiceItem
from casecore.vocabulary import ApplicantKind, Channel, HandlingKind, Place, Tier

__all__ = ["CHENGDU", "NEAR", "PLACES", "Arrival", "Hall", "department_of"]

CHENGDU: Final = ZoneInfo("Asia/Shanghai")
ELSEWHERE: Final = {
    "通州区": "新都区",
    "增城区": "新都区",
    "龙游县": "新都区",
    "海珠区": "新都区",
    "双流区": "新都区",
    "金凤区良田镇": "新都区",
    "黄河商业银行良田镇": "新都区银行",
}
"""Items come from several districts' documents; here one made-up district offers them all."""

PLACES: Final = {
    Channel.AGENT_POINT: Place.VILLAGE_POINT,
    Channel.HOME_SERVICE: Place.HOME,
}
NEAR: Final = {
    Place.VILLAGE_POINT: "木兰镇宫王社区代办点",
    Place.COMMUNITY_KIOSK: "东升街道社区自助终端",
    Place.HALL_KIOSK: "新都区24小时政务自助服务区",
}
"""The site (办理点) of each kind that is no hall: who goes there comes to it, and the hall that has the case sees nobody."""


class Hall(NamedTuple):
    """A hall (政务服务中心, 便民服务中心) and when it differs from the others."""

    name: str
    desk: str
    """What its clerks' ids begin with."""
    tier: Tier
    weight: int = 1
    late_days: bool = False
    """Takes papers until 18:30 on Monday, Wednesday and Friday."""
    market_days: bool = False
    """逢单赶场: market on odd days of the month."""
    self_service: bool = False
    """Machines only, day and night."""

    def market_day(self, day: date) -> bool:
        """Whether the town has its market."""
        return self.market_days and day.day % 2 == 1


class Arrival(NamedTuple):
    """Somebody files something: a case about to begin."""

    item: ServiceItem
    channel: Channel
    hall: Hall
    at: datetime
    """When it is received."""
    filed_at: datetime
    """When it was filed online; else when it is received."""
    applicant: str
    kind: ApplicantKind
    visit: str
    """The visit it is received in, shared with the applicant's other cases; unused where nobody comes."""

    @property
    def filed(self) -> bool:
        """Whether an application comes in before any papers are received."""
        return self.channel.online or self.channel is Channel.COURIER

    @property
    def instant(self) -> bool:
        """即办件."""
        return self.item.handling is HandlingKind.INSTANT

    @property
    def automatic(self) -> bool:
        """Whether a machine does it all (秒批)."""
        return self.instant and (self.channel is Channel.KIOSK or (self.channel.online and self.item.fully_online))

    def coming(self) -> Visit:
        """The visit itself."""
        place = PLACES.get(self.channel, Place.HALL)
        if self.channel is Channel.KIOSK:
            place = Place.COMMUNITY_KIOSK if self.hall.tier is Tier.TOWNSHIP else Place.HALL_KIOSK
        return Visit(visit=self.visit, place=place, hall=NEAR.get(place))


def department_of(item: ServiceItem) -> str:
    """The implementing organ (实施主体), moved to the district of the play."""
    name = item.department
    for place, here in ELSEWHERE.items():
        name = name.replace(place, here)
    return name
