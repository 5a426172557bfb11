"""What stands in a store of when the streams of a log are to be looked at (see :mod:`adapters.looks`)."""

from typing import NamedTuple

__all__ = ["KeptLooks"]


class KeptLooks(NamedTuple):
    """What the instants that are kept were found by."""

    number: int
    """How often it was written."""
    position: int
    digest: bytes
    """Of the fact at that position, up to which all were looked at."""
    recorded_at: int
    """When that was recorded."""
    epoch: int
    program: bytes
    rests_on: str
    looked_at: int
    """What the clock said, in microseconds since 1970 in UTC."""
    streams: int
    """How many streams are to be looked at again."""
