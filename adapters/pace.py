"""How much is written in one transaction, where nobody else can write meanwhile: no more than others can wait for."""

from typing import Final

__all__ = ["Pace"]

HELD_SECONDS: Final = 0.2
"""How long one transaction over many streams may keep others from writing."""
LEAST: Final = 50


class Pace:
    """A number of facts or streams that grows while their transactions are short, and shrinks as they take longer.

    ``most`` is what it grows to, and where writers do not wait for each other (``alone=False``) what it is.
    """

    def __init__(self, most: int, *, alone: bool) -> None:
        self._most, self._alone = most, alone
        self.size = min(most, LEAST) if alone else most

    def took(self, seconds: float) -> None:
        """Learn how long a transaction over so many kept others from writing."""
        if self._alone:
            fitting = int(self.size * min(2.0, HELD_SECONDS / max(seconds, 0.001)))
            self.size = min(self._most, max(LEAST, fitting))
