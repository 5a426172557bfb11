"""Snapshots (存档): the file of a long stream as it was with one of its facts, kept beside the log.

A snapshot is derived and disposable: any of them, or all, may be deleted at any time, and in a log that is whole no answer
changes. It is believed where all of this holds, and passed over and replaced where anything of it does not:

* the log holds, at its version, the very fact it was taken at: digest, and when that was recorded. No two appends of a log
  are recorded at the same microsecond, so that it holds all facts before it as well;
* it is of the log's present epoch: in a store that was restored or promoted nothing of before is believed;
* it was taken by this very program: the digest over the source that reads and folds facts is the same;
* its seal, a digest over all of that and over its bytes, shows no damage.

Whoever can write to the store can seal what is false; ``verify`` folds each that would be believed from the first fact.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from operator import attrgetter
from typing import Final

from eventsourcing.persistence import PersistenceError

from adapters.evidence.chain import Row
from adapters.file_wire import read_file, written_file
from adapters.ledger import LedgerRecorder, Snapshot
from casecore.errors import Fault
from casecore.kind import File
from casecore.kinds import fold_stream
from casecore.log import Stretch, readable
from casecore.recorded import Entry, Recorded

__all__ = ["Snapshots", "program"]

_READING: Final = ("wire.py", "mapper.py", "file_wire.py", "snapshots.py")
"""What of this room reads facts from their bytes, and files."""
_STREAM: Final = attrgetter("stream")
_PLACE: Final = attrgetter("stream", "version")


@cache
def program() -> bytes:
    """The digest of what facts are read and folded by: the source of the heart, and the wire's."""
    found = sha256(f"{sys.implementation.cache_tag}\n".encode())
    adapters = files("adapters")
    for name, text in (*_sources(files("casecore"), "casecore"), *((one, adapters / one) for one in _READING)):
        found.update(b"%b:%b\n" % (name.encode(), sha256(text.read_bytes()).digest()))
    return found.digest()


def _sources(folder: Traversable, called: str) -> Iterator[tuple[str, Traversable]]:
    for one in sorted(folder.iterdir(), key=attrgetter("name")):
        name = f"{called}/{one.name}"
        if one.is_dir():
            yield from _sources(one, name)
        elif one.name.endswith(".py"):
            yield name, one


program()  # as it is loaded: later, the source on the disk may be that of an upgrade, and what folds is still this program


class Snapshots:
    """The snapshots of a log."""

    def __init__(self, ledger: LedgerRecorder, entry: Callable[[Row], Entry]) -> None:
        self._ledger, self._entry = ledger, entry

    def stretches(self, streams: Sequence[str]) -> dict[str, Stretch]:
        """What the files of several streams are folded from; unknown ones are absent."""
        rows = self._ledger.stretch_rows(streams)
        found: dict[str, Stretch] = {}
        begun: dict[str, list[Row]] = {}
        for stream, some in groupby(sorted(rows, key=_PLACE), _STREAM):
            of_it = [*some]
            if of_it[0].version == 1:
                found[stream] = Stretch([*map(self._entry, of_it)])
            else:
                begun[stream] = of_it
        if begun:
            found |= self._kept(begun)
            whole = [stream for stream in begun if stream not in found]
            for stream, some in groupby(self._ledger.stream_rows(whole) if whole else (), _STREAM):
                found[stream] = Stretch([*map(self._entry, some)])
        return found

    def _kept(self, begun: dict[str, list[Row]]) -> dict[str, Stretch]:
        """The stretches behind those snapshots that can be believed."""
        found = {}
        for one in self._ledger.snapshots([*begun]):
            first, *behind = begun[one.stream]
            if (one.version, one.digest, one.recorded_at) != (first.version, first.digest, first.recorded_at):
                continue  # another took its place just now
            if (file := self._believed(one)) is not None:
                found[one.stream] = Stretch([*map(self._entry, behind)], file)
        return found

    def _believed(self, snapshot: Snapshot) -> File | None:
        """The file of a snapshot whose fact the log holds; None where it is of another epoch or program, or is damaged."""
        if snapshot.epoch != snapshot.log_epoch or snapshot.program != program() or snapshot.seal != self._seal(snapshot):
            return None
        with suppress(ValueError):
            file = read_file(snapshot.state)
            if file.version == snapshot.version:
                return file
        return None

    def keep(self, file: File, last: Recorded) -> None:
        """Keep a file as it was with a fact; comes to nothing where the store lets us not write, or was set back."""
        digest, recorded_at = last.leaf[:-8], int.from_bytes(last.leaf[-8:])
        if file.version != last.version or not digest:
            return
        with suppress(PersistenceError, OSError, TypeError):
            epoch = self._ledger.found(0).epoch
            taken = Snapshot(
                last.stream, file.version, digest, recorded_at, epoch, program(), b"", written_file(file), epoch
            )
            self._ledger.keep_snapshot(taken._replace(seal=self._seal(taken)))

    def wrong(self) -> tuple[str, ...]:
        """The streams whose snapshot would be believed, and is not what their facts come to from the first on."""
        return tuple(sorted(stream for stream in self._ledger.snapshot_streams() if self._is_wrong(stream)))

    def _is_wrong(self, stream: str) -> bool:
        stretch = self.stretches([stream]).get(stream)
        if stretch is None or stretch.kept is None:
            return False
        version = stretch.kept.version
        facts = [self._entry(row) for row in self._ledger.stream_rows([stream]) if row.version <= version]
        try:
            file = fold_stream(one.event for one in readable(facts))
        except Fault:
            return True
        return file is None or written_file(file) != written_file(stretch.kept)

    def _seal(self, one: Snapshot) -> bytes:
        told = repr((self._ledger.district, *one[:5])).encode()
        return sha256(b"%b\n%b\n%b" % (told, one.program, one.state)).digest()
