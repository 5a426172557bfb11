"""Making fact tables where several programs might: one makes them, the others wait for what it shows.

Who waits goes by what is seen in the store, and by no clock but its own.
"""

import random
import time
from collections.abc import Callable
from typing import Final

import structlog

from adapters.generations import Generation, Generations, Keep
from casecore.errors import Unavailable

__all__ = ["made_here"]

LONGEST_PAUSE_SECONDS: Final = 2.0
STALLED_SECONDS: Final = 600.0
"""How long another program may be at it without a page more: it has stopped, and its lock has not ended with it."""


def made_here(tables: Generations, seen: Generation | None, make: Callable[[Keep], int]) -> int | None:
    """What ``make`` returns, called by the one program that makes tables; None where another has shown some meanwhile.

    ``seen`` is what was live when they were found wanting. Raises ``Unavailable``
    where another program makes them and comes no further.
    """
    waited, since, progress = 0, time.monotonic(), None
    while True:
        with tables.claim() as keep:
            if tables.live() != seen:
                return None
            if keep is not None:
                return make(keep)
        if not waited or time.monotonic() - since > STALLED_SECONDS:
            if (now := tables.progress()) == progress:
                raise Unavailable(f"another program is making the fact tables and got no further for {STALLED_SECONDS:g} s")
            since, progress = time.monotonic(), now
        if not waited:
            structlog.get_logger().info("another program is making the fact tables: waiting for them")
        waited += 1
        time.sleep(random.uniform(0.5, 1) * min(LONGEST_PAUSE_SECONDS, 0.01 * 2 ** min(waited, 16)))  # noqa: S311 - no secret
