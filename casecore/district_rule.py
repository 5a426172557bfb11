"""The district's own rule (区划规则): what the law leaves to a district, as a value with its defaults.

What is not here is not the district's to decide: no rule file makes a day a working day, and none lets anything but a
special procedure told in writing (Art. 45) move the statutory limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from casecore.vocabulary import CardGround, CardLevel, HandlingKind, OffdayAcceptance, ReceiptDate, SuspensionKind

__all__ = ["DEFAULT_CARDS", "DEFAULT_RULE", "DistrictRule", "WindowPolicy"]

DEFAULT_CARDS: Final[Mapping[CardGround, CardLevel]] = MappingProxyType(
    {
        CardGround.DUE_SOON: CardLevel.WARNING,
        CardGround.PROMISE_OVERDUE: CardLevel.YELLOW,
        CardGround.STEP_OVERDUE: CardLevel.YELLOW,
        CardGround.PROCEDURE_OVERRUN: CardLevel.YELLOW,
        CardGround.STATUTORY_OVERDUE: CardLevel.RED,
        CardGround.REASONLESS_NEGATIVE: CardLevel.RED,
    }
)
"""预警 when a promise is nearly due, 黄牌 past it, a step or a special procedure over its days, 红牌 past the law."""


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
    deemed_acceptance: bool = True
    """Whether silence for five working days accepts a case (Art. 32(4)); the law says so for licences."""
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
    cards: Mapping[CardGround, CardLevel] = field(default_factory=lambda: DEFAULT_CARDS)
    """What a card is issued for, and of which colour; grounds that are not here get none."""

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
