"""Snapshots (存档): files kept beside the log, so that a long stream is not folded from its first fact for every command.

A snapshot is derived and disposable: it is believed only where the log holds the very fact it was taken at, and in a whole
log no answer differs by its being there; of facts before it that were damaged since, ``verify`` tells. Figures and what is
asked of the past are folded from the first fact.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final

from casecore.errors import Fault, Unavailable
from casecore.kind import File
from casecore.kinds import fold_stream
from casecore.log import Batch, Log, Stretch, readable
from casecore.recorded import Recorded

__all__ = ["WORTH_KEEPING", "file_from", "files_from", "keep", "keep_written"]

WORTH_KEEPING: Final = 200
"""Facts that were read beyond the snapshot there is, or from the first: above as many, the next to come reads fewer."""

LEAST_STEP: Final = 1024
"""So many facts a program writes to a stream it remembers before it keeps the file; of a longer one, an eighth at most."""


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


def keep_written(log: Log, batches: Sequence[Batch], files: Mapping[str, File], branch: int) -> None:
    """Keep what a program has come to with streams it remembers and so never reads: who begins after it would read it all.

    ``files`` are those of the streams once the batches are written, which they are, under ``branch``. The books are not
    among them: whoever opens an engine reads those whole.
    """
    for batch in batches:
        last, file = batch.envelopes[-1].version, files.get(batch.stream)
        if file is not None and _passes_a_step(last - len(batch.envelopes), last):
            with suppress(Fault, Unavailable):
                _keep_the_last(log, file, batch.stream, branch)


def _keep_the_last(log: Log, file: File, stream: str, branch: int) -> None:
    """Keep the file a stream has come to, where the fact at its version is that of this very branch."""
    for entry in log.history(stream, file.version - 1)[:1]:
        if isinstance(entry, Recorded) and log.look_back() == branch:
            log.keep(file, entry)


def _passes_a_step(before: int, after: int) -> bool:
    step = max(LEAST_STEP, 1 << after.bit_length() >> 3)
    return before // step < after // step
