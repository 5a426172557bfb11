"""Validity (有效期): since when something may be used, and until when."""

from collections.abc import Iterator
from datetime import date

__all__ = ["Dated"]


class Dated:
    """What is in force between two local dates, both included.

    ``valid_from`` is None for what has been in force since ever, ``valid_until`` while nobody has ended it.
    """

    __slots__ = ()

    valid_from: date | None
    valid_until: date | None

    def in_force(self, on: date) -> bool:
        """Whether it may be used on a local date."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on <= self.valid_until)

    @property
    def span(self) -> str:
        """Within which dates it is in force, as a sentence ends with it."""
        return f"from {self.valid_from or 'the beginning'} to {self.valid_until or 'further notice'}"

    def covers(self, other: "Dated") -> bool:
        """Whether it is in force on every day on which another is."""
        begins = self.valid_from is None or (other.valid_from is not None and self.valid_from <= other.valid_from)
        ends = self.valid_until is None or (other.valid_until is not None and other.valid_until <= self.valid_until)
        return begins and ends

    def unsound_dates(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the dates, as (key, sentence)."""
        if self.valid_from is not None and self.valid_until is not None and self.valid_until < self.valid_from:
            yield "valid_until", f"ends on {self.valid_until}, before it begins on {self.valid_from}"
