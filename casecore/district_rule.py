"""The district's own rule (区划规则): what the law leaves to a district, as a value with its defaults.

What is not here is not the district's to decide: no rule file makes a day a working day, and none lets anything but a
special procedure told in writing (Art. 45) move the statutory limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from casecore.annotations import UNSAID
from casecore.vocabulary import CardGround, CardLevel, HandlingKind, ItemType, OffdayAcceptance, ReceiptDate, SuspensionKind

__all__ = ["DEFAULT_CARDS", "DEFAULT_RULE", "CardPolicy", "DistrictRule", "WindowPolicy", "unsound_rule"]

HOURS_A_DAY: Final = 24
PERCENT: Final = 100
LONGEST_RECTIFICATION_DAYS: Final = 366
LONGEST_COLLECTION_DAYS: Final = 366
LONGEST_DOUBLE_FILING_DAYS: Final = 366
LONGEST_INSTANT_SECONDS: Final = 86_400
"""A day: what takes longer is not decided in an instant."""
FARTHEST_WARNING_DAYS: Final = 366
WIDEST_SKEW_MINUTES: Final = 1440
"""A day: a machine whose clock is further off is set wrong."""
LONGEST_JUMP_DAYS: Final = 3660
BY_HAND_ONLY: Final = (CardGround.ILLEGAL_FEE, CardGround.OTHER)
"""Nothing in a history earns these cards: a supervisor issues them, and says of which colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPolicy:
    """What a card of a ground looks like."""

    ground: CardGround
    level: CardLevel


DEFAULT_CARDS: Final = (
    CardPolicy(ground=CardGround.DUE_SOON, level=CardLevel.WARNING),
    CardPolicy(ground=CardGround.PROMISE_OVERDUE, level=CardLevel.YELLOW),
    CardPolicy(ground=CardGround.STATUTORY_OVERDUE, level=CardLevel.RED),
    CardPolicy(ground=CardGround.STEP_OVERDUE, level=CardLevel.YELLOW),
    CardPolicy(ground=CardGround.PROCEDURE_OVERRUN, level=CardLevel.YELLOW),
    CardPolicy(ground=CardGround.BOX_NOT_EMPTIED, level=CardLevel.YELLOW),
    CardPolicy(ground=CardGround.REASONLESS_NEGATIVE, level=CardLevel.RED),
)
"""预警 when a promise is nearly due, 黄牌 past it, a step or a special procedure over its days or a box not emptied as often
as it must be, 红牌 past the law. Of a package (一件事) they are its joint promise and limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPolicy:
    """What one window of a hall, or every window of it (``window`` None), does on rest days."""

    hall: str
    offday_acceptance: OffdayAcceptance
    window: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictRule:
    """The rule of one district; the defaults are common practice. Working days unless said otherwise."""

    name: str = "default"
    calendar: str | None = None
    """The calendar version in force here: new promises are made under it, and what runs before a promise is counted
    under it; None where that is the national one of whoever opens the hall."""
    moves_promise: tuple[SuspensionKind, ...] = ()
    """Kinds of 挂起 besides the special procedure that move the promised (never the statutory) limit."""
    parallel_procedures: bool = False
    """Whether special procedures may be declared for overlapping days (counted once)."""
    refusal_ends_review: bool = False
    """否决即止: whether one department's refusal ends the review at once; else the others still answer. What is in force as
    a department refuses holds for that review; no refusal of before is judged again."""
    deemed_acceptance: bool = True
    """Whether silence for five working days accepts a case (Art. 32(4)) that is under the law of licences."""
    licence_law_for: tuple[ItemType, ...] = ()
    """Kinds of item besides 行政许可 that are handled under the law of licences too (Art. 32, 43, 44, 45, 50)."""
    offday_promised: OffdayAcceptance = OffdayAcceptance.RECEIPT_ONLY
    offday_instant: OffdayAcceptance = OffdayAcceptance.ACCEPT
    windows: tuple[WindowPolicy, ...] = ()
    hours_per_workday: int = 7
    """For comparing limits in hours with limits in days; what an hour of a clock is, the calendar's hours say."""
    warn_days: int = 1
    warn_percent: int = 20
    """A promise is nearly due when no more than ``warn_days``, or this share of it, is left."""
    near_visits_gross: bool = True
    """Whether a near visit (就近: village point, terminal in the neighbourhood) is a trip at all."""
    near_visits_net: bool = True
    """Whether it counts against "at most one visit"; some districts say that two steps are no trip (两步路)."""
    count_before_application: bool = False
    """Whether visits before the application count too ("从准备材料开始", a stricter promise); by definition they do not."""
    drop_box_receipt: ReceiptDate = ReceiptDate.COLLECTION
    """When papers in a drop box (小蜜蜂箱) count as received."""
    collect_days: int = 10
    """Working days after the closing within which a result on paper is handed over; one that waits longer is a finding."""
    rectify_days: int = 5
    """Working days within which a bad rating is put right (差评整改); 5 and 15 are in use."""
    instant_seconds: int = 60
    """秒批: decided without a human hand within so many seconds of the application."""
    double_filing_days: int | None = field(default=None, metadata=UNSAID)
    """重复申报: an applicant who files an item again within so many natural days, or while the first filing is open, has
    filed it twice, which is a finding. None: nobody looks."""
    cards: tuple[CardPolicy, ...] = DEFAULT_CARDS
    """What a card is issued for, and of which colour; grounds that are not here get none."""
    skew_minutes: int = field(default=10, metadata=UNSAID)
    """How far a machine's clock may run ahead of others, minutes: of the store's own, where the store has one, and that of
    whoever decides. What is appended is held to the rule adopted last, whatever day that is in force from: no clock picks
    its own bound."""
    jump_days: int = field(default=31, metadata=UNSAID)
    """How far a machine's clock may lie ahead of the last fact recorded, days of 24 hours: longer than the district ever
    rests."""
    source: str | None = None
    """Where the rule is published; None where nobody says."""
    retrieved_on: date | None = None
    """When it was looked up there."""

    @property
    def skew(self) -> timedelta:
        """How far a machine's clock may run ahead of others."""
        return timedelta(minutes=self.skew_minutes)

    @property
    def jump(self) -> timedelta:
        """How far a machine's clock may lie ahead of the last fact recorded."""
        return timedelta(days=self.jump_days)

    def card_for(self, ground: CardGround) -> CardLevel | None:
        """Of which colour a card of a ground is; None where the district issues none."""
        return next((card.level for card in self.cards if card.ground is ground), None)

    def under_licence_law(self, item_type: ItemType) -> bool:
        """Whether items of a kind (事项类型) are handled under the law of licences (行政许可法)."""
        return item_type is ItemType.LICENCE or item_type in self.licence_law_for

    def receipt_only(self, hall: str | None, window: str | None, handling: HandlingKind) -> bool:
        """Whether a window only receives on rest days: its own policy, its hall's, or that of the kind of handling."""
        for number in (window, None):
            for policy in self.windows:
                if policy.hall == hall and policy.window == number:
                    return policy.offday_acceptance is OffdayAcceptance.RECEIPT_ONLY
        usual = self.offday_instant if handling is HandlingKind.INSTANT else self.offday_promised
        return usual is OffdayAcceptance.RECEIPT_ONLY


DEFAULT_RULE: Final = DistrictRule()
"""Common practice."""


def unsound_rule(rule: DistrictRule) -> Iterator[tuple[str, str]]:
    """What no district may decide, or cannot mean, as (key, sentence)."""
    bounds = (
        ("hours_per_workday", rule.hours_per_workday, 1, HOURS_A_DAY),
        ("warning.days", rule.warn_days, 0, FARTHEST_WARNING_DAYS),
        ("warning.percent", rule.warn_percent, 0, PERCENT),
        ("collect_days", rule.collect_days, 1, LONGEST_COLLECTION_DAYS),
        ("rectify_days", rule.rectify_days, 1, LONGEST_RECTIFICATION_DAYS),
        ("double_filing_days", rule.double_filing_days or 0, 0, LONGEST_DOUBLE_FILING_DAYS),
        ("instant_seconds", rule.instant_seconds, 1, LONGEST_INSTANT_SECONDS),
        ("skew_minutes", rule.skew_minutes, 1, WIDEST_SKEW_MINUTES),
        ("jump_days", rule.jump_days, 1, LONGEST_JUMP_DAYS),
    )
    for key, number, least, most in bounds:
        if not least <= number <= most:
            yield key, f"must be from {least} to {most}, not {number}"
    if SuspensionKind.SPECIAL_PROCEDURE in rule.moves_promise:
        yield (
            "moves_promise",
            "special_procedure moves every limit by law (Art. 45), told in writing; no district decides it",
        )
    if len(set(rule.moves_promise)) < len(rule.moves_promise):
        yield "moves_promise", "a kind of 挂起 is listed twice"
    if rule.near_visits_net and not rule.near_visits_gross:
        yield "trips.near_net", "what is no trip at all cannot count against the promise"
    places = [(policy.hall, policy.window) for policy in rule.windows]
    if len(set(places)) < len(places):
        yield "window", "a hall and window stand here twice"
    grounds = [card.ground for card in rule.cards]
    if len(set(grounds)) < len(grounds):
        yield "cards", "a ground stands here twice"
    for ground in BY_HAND_ONLY:
        if ground in grounds:
            yield f"cards.{ground.value}", "no card of this ground is ever due: a supervisor issues it, and says its level"
