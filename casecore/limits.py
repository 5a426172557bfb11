"""A time limit (时限) as a value: so many working days, natural days, months, years, hours or minutes, or one fixed date."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime, timedelta

from casecore.annotations import UNSAID
from casecore.vocabulary import Unit

__all__ = ["Limit"]


def months_later(day: date, months: int) -> date:
    """The same-numbered day so many months later, or that month's last day (民法典 202).

    Raises ``OverflowError`` beyond any date.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        raise OverflowError(f"{months} months after {day} lie beyond any date")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """``amount`` of ``unit``; for :attr:`Unit.FIXED_DATE` the date itself stands in ``due_on``.

    A deadline told as an instant keeps it in ``due_at``; whether that or its date rules, ``by_instant`` says. An amount of
    0 is an instant promise (即办). Two limits that rule alike are equal, whatever else was told. Raises ``ValueError`` where
    the parts contradict each other.
    """

    amount: int
    unit: Unit
    due_on: date | None = None
    due_at: datetime | None = field(default=None, metadata=UNSAID)
    by_instant: bool = field(default=False, metadata=UNSAID)

    def __post_init__(self) -> None:
        if (self.due_on is not None) != (self.unit is Unit.FIXED_DATE):
            raise ValueError(f"a limit in {self.unit.value} and the fixed date {self.due_on} contradict each other")
        if (self.due_at is not None and self.due_on is None) or (self.by_instant and self.due_at is None):
            raise ValueError(f"a limit in {self.unit.value} and the instant {self.due_at} contradict each other")
        if self.amount < 0:
            raise ValueError(f"a limit cannot be negative: {self.amount}")

    @property
    def _ruling(self) -> tuple[int, Unit, date | None, datetime | None]:
        return self.amount, self.unit, self.due_on, self.due_at if self.by_instant else None

    def __eq__(self, other: object) -> bool:
        return self._ruling == other._ruling if isinstance(other, Limit) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._ruling)

    @classmethod
    def working_days(cls, amount: int) -> "Limit":
        """``amount`` working days (工作日)."""
        return cls(amount, Unit.WORKING_DAY)

    @classmethod
    def natural_days(cls, amount: int) -> "Limit":
        """``amount`` natural days (自然日)."""
        return cls(amount, Unit.NATURAL_DAY)

    @classmethod
    def months(cls, amount: int) -> "Limit":
        """``amount`` months (月), each to the same-numbered day (民法典 202)."""
        return cls(amount, Unit.MONTH)

    @classmethod
    def whole_months(cls, amount: int) -> "Limit":
        """``amount`` months (整月) that begin on the day after day 0 (自次日起算)."""
        return cls(amount, Unit.WHOLE_MONTH)

    @classmethod
    def years(cls, amount: int) -> "Limit":
        """``amount`` years (年)."""
        return cls(amount, Unit.YEAR)

    @classmethod
    def hours(cls, amount: int) -> "Limit":
        """``amount`` hours of legal working time (小时)."""
        return cls(amount, Unit.HOUR)

    @classmethod
    def half_days(cls, amount: int) -> "Limit":
        """``amount`` halves of a working day's legal working time: 1 is 0.5 工作日."""
        return cls(amount, Unit.HALF_DAY)

    @classmethod
    def minutes(cls, amount: int) -> "Limit":
        """``amount`` minutes of legal working time (分钟)."""
        return cls(amount, Unit.MINUTE)

    @classmethod
    def fixed(cls, due_on: date) -> "Limit":
        """A deadline agreed or imported as a date (约定日期)."""
        return cls(0, Unit.FIXED_DATE, due_on)

    def over_by(self, at: datetime) -> bool:
        """Whether it is an agreed deadline that was over at a local instant: the instant, or the date to its end."""
        if self.by_instant and self.due_at is not None:
            return self.due_at < at
        return self.due_on is not None and self.due_on < at.date()

    @property
    def says_two_things(self) -> bool:
        """Whether an agreed date has an amount beside it, or an instant of another day."""
        if self.due_on is None:
            return False
        return self.amount != 0 or (self.due_at is not None and self.due_at.date() != self.due_on)

    def natural_days_from(self, day_0: date) -> int:
        """How many natural days its last day lies after day 0, which is not counted (民法典 201), before rest days move it.

        Of months and years: to the same-numbered day, or the month's last (202). Raises ``OverflowError`` beyond any date.
        """
        months = self.unit.months * self.amount
        if not months:
            return self.amount
        if self.unit is not Unit.WHOLE_MONTH:
            return (months_later(day_0, months) - day_0).days
        first = day_0 + timedelta(days=1)
        end = months_later(first, months)
        return (end - day_0).days - (end.day == first.day)  # a month without that day ends the whole of it

    @classmethod
    def fixed_at(cls, due_at: datetime, *, by_instant: bool) -> "Limit":
        """A deadline told as an instant; judged by it, or else by its local date."""
        return cls(0, Unit.FIXED_DATE, due_at.date(), due_at, by_instant)

    @property
    def told(self) -> str:
        """The agreed deadline as it rules: the date, or the instant to the second."""
        return str(self.due_on) if self.due_at is None or not self.by_instant else f"{self.due_at:%Y-%m-%d %H:%M:%S}"

    @property
    def zh(self) -> str:
        """As a clerk says it: ``5 个工作日``, ``0.5 个工作日``, ``2 小时``, ``于 2018-01-01 前``, ``即办``."""
        if self.due_on is not None:
            return f"于 {self.told} 前"
        if self.amount == 0:
            return "即办"
        match self.unit:
            case Unit.HALF_DAY:
                return f"{self.amount / 2:g} 个工作日"
            case Unit.WORKING_DAY | Unit.NATURAL_DAY | Unit.MONTH | Unit.WHOLE_MONTH:
                return f"{self.amount} 个{self.unit.zh}"
            case _:
                return f"{self.amount} {self.unit.zh}"

    def __str__(self) -> str:
        if self.due_on is not None:
            return f"by {self.told}"
        return f"{self.amount} {self.unit.value.replace('_', ' ')}{'' if self.amount == 1 else 's'}"
