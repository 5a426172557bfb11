"""Snapshots (存档): files kept beside the log, so that a long stream is not folded from its first fact for every command.

A snapshot is derived and disposable: it is believed only where the log holds the very fact it was taken at, and no answer
differs by its being there. Figures and what is asked of the past are folded from the first fact.
"""

from collections.abc import Collection
from typing import Final

from casecore.kind import File
from casecore.kinds import fold_stream
from casecore.log import Log, Stretch, readable
from casecore.recorded import Recorded

__all__ = ["WORTH_KEEPING", "file_from", "files_from", "keep"]

WORTH_KEEPING: Final = 200
"""Facts that were read beyond the snapshot there is, or from the first: above as many, the next to come reads fewer."""


def file_from(stretch: Stretch | None) -> File | None:
    """The file of a stream; None where there is no such stream.

    Raises :class:`~casecore.errors.Fault` where one of the facts that were read cannot be.
    """
    if stretch is None:
        return None
    return fold_stream((recorded.event for recorded in readable(stretch.entries)), stretch.kept)


def keep(log: Log, stretch: Stretch, file: File | None) -> None:
    """Keep the file of a stretch that took long to read."""
    if file is not None and len(stretch.entries) > WORTH_KEEPING and isinstance(last := stretch.entries[-1], Recorded):
        log.keep(file, last)


def files_from(log: Log, streams: Collection[str]) -> dict[str, File | None]:
    """The file of each of the streams, kept where it took long to read; None where there is no such stream."""
    stretches = log.stretches(sorted(streams)) if streams else {}
    files: dict[str, File | None] = {}
    for stream in streams:
        stretch = stretches.get(stream)
        files[stream] = file = file_from(stretch)
        if stretch is not None:
            keep(log, stretch, file)
    return files
