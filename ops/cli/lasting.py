"""Commands that go on until they are ended: by a signal, at a page's end and with exit code 0, never in the middle."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Final

import structlog
import typer

from casecore.errors import Unavailable

__all__ = ["EndedByWish", "SupervisedOption", "Wish", "interruptible", "waiting_out"]

NAP_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 30.0

SupervisedOption = Annotated[
    bool, typer.Option("--supervised", help="Wait until a store that cannot be reached is back, instead of ending with 3.")
]


class EndedByWish(Exception):  # noqa: N818 - no error
    """The end of what goes on, where it stands at a page's end."""


class Wish:
    """The wish to end, as SIGINT or SIGTERM brings it."""

    def __init__(self) -> None:
        self.came = False
        self._reading = False

    def take(self, _number: int, _frame: FrameType | None) -> None:
        """What a signal calls."""
        self.came = True
        if self._reading:
            raise EndedByWish

    def at_page_end(self) -> None:
        """End here where that is wished."""
        if self.came:
            raise EndedByWish

    def at_page_end_after(self, advance: Callable[[int], None]) -> Callable[[int], None]:
        """A progress that is told of a page, and ends behind it where that is wished."""

        def told(count: int) -> None:
            advance(count)
            self.at_page_end()

        return told

    def rest(self, seconds: float) -> bool:
        """Wait so long, or until the wish comes; whether it has."""
        until = time.monotonic() + seconds
        while not self.came and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, NAP_SECONDS))
        return self.came

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Wait for input, which the wish cuts short: nothing is done yet of what is being read."""
        self._reading = True
        try:
            self.at_page_end()
            yield
        finally:
            self._reading = False


@contextmanager
def interruptible() -> Iterator[Wish]:
    """Take SIGINT and SIGTERM as the wish to end; where it is followed, what goes on ends without an error."""
    wish = Wish()
    before = {number: signal.signal(number, wish.take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wish
    except EndedByWish:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def waiting_out(work: Callable[[Callable[[], None]], None], wish: Wish, *, supervised: bool) -> None:
    """Do ``work`` to its end; with ``supervised``, again and again until no outage of the store cuts it short.

    It is given what to call when the store has answered. Between two tries 1, 2, 4 … seconds pass, at most 30.
    """
    log, since, tries = structlog.get_logger(), 0.0, 0

    def answered() -> None:
        nonlocal tries
        if tries:
            log.info("store is back", after_seconds=round(time.monotonic() - since, 1))
        tries = 0

    while True:
        try:
            work(answered)
        except Unavailable as away:
            if not supervised:
                raise
            since = since if tries else time.monotonic()
            wait = min(2.0**tries, LONGEST_WAIT_SECONDS)
            tries += 1
            log.warning("store unavailable", error=str(away), next_try_seconds=wait)
            if wish.rest(wait):
                raise EndedByWish from None
        else:
            return
