"""Loading fact tables by several processes: each takes a share of the parts and opens the store for itself.

Who has called them loads a share too, and last whatever one that ended early has left.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Final

from adapters.loading import Progress, Share, begin_loading, end_loading, load_parts, loaded
from adapters.opening import open_store
from adapters.tables import Generation, Tables
from casecore.log import Log

__all__ = ["LoadTogether"]

PARTS: Final = 4
"""Parts of a log for each process: some are quicker than others."""


class LoadTogether:
    """Loads a generation of the store at ``url`` by so many ``processes``, this one among them.

    Their programs are started anew (``spawn``): what calls this from a script of its own has to stand behind ``if __name__
    == "__main__"``.
    """

    def __init__(self, url: str, processes: int) -> None:
        self._url, self._processes = url, processes

    def __call__(self, logs: Sequence[Log], tables: Tables, generation: Generation, progress: Progress, /) -> int:
        """Load it, and leave each log where following goes on; returns the number of facts."""
        begin_loading(logs, tables, generation, PARTS * self._processes)
        before = loaded(tables, generation)
        with self._helpers(generation) as helping:

            def told(count: int) -> None:
                progress(count + sum(_heard(helping, seconds=0)))

            load_parts(logs, tables, generation, told, Share(0, self._processes))
            while helping:
                if count := sum(_heard(helping, seconds=1)):
                    progress(count)
        load_parts(logs, tables, generation, progress)
        end_loading(tables, generation)
        return loaded(tables, generation) - before

    @contextmanager
    def _helpers(self, generation: Generation) -> Iterator[list[Connection]]:
        context = get_context("spawn")
        with ExitStack() as stack:
            wires = []
            for number in range(1, self._processes):
                ours, theirs = context.Pipe(duplex=False)
                given = (theirs, self._url, generation, Share(number, self._processes))
                helper = context.Process(target=_help, args=given, daemon=True)
                helper.start()
                theirs.close()
                stack.callback(helper.join)
                stack.callback(helper.terminate)
                stack.callback(ours.close)
                wires.append(ours)
            yield wires


def _heard(helping: list[Connection], *, seconds: float) -> Iterator[int]:
    """How many facts each helper tells of; one that has ended is taken out."""
    ready = {*wait(helping, seconds)}
    for wire in [one for one in helping if one in ready]:
        try:
            yield int(wire.recv())
        except (EOFError, OSError):
            helping.remove(wire)


def _help(told: Connection, url: str, generation: Generation, share: Share) -> None:
    """Load one share of the parts; ends where nobody hears any more what is told."""
    with open_store(url) as store:
        load_parts(store.logs, store.tables, generation, told.send, share)
