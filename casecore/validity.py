"""Validity (有效期): since when something may be used, and until when."""

from collections.abc import Iterator
from datetime import date

__all__ = ["Dated"]


class Dated:
    """What is in force between two local dates, both included; ``valid_until`` is None while nobody has ended it."""

    __slots__ = ()

    valid_from: date
    valid_until: date | None

    def in_force(self, on: date) -> bool:
        """Whether it may be used on a local date."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def unsound_dates(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the dates, as (key, sentence)."""
        if self.valid_until is not None and self.valid_until < self.valid_from:
            yield "valid_until", f"ends on {self.valid_until}, before it begins on {self.valid_from}"
