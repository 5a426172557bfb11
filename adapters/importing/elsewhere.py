"""Cases that came into the store by another way than the import at hand: by which, as far as the store tells it."""

from collections.abc import Collection

from casecore.log import Log
from casecore.recorded import Entry, Recorded

__all__ = ["elsewhere"]


def elsewhere(log: Log, cases: Collection[str]) -> dict[str, str]:
    """Say of each case of the log why it is not received again, with the source of its first fact where it has one."""
    firsts = log.beginnings(sorted(cases)) if cases else {}
    return {case: f"the store has this case already, from elsewhere{_from(first)}" for case, first in firsts.items()}


def _from(first: Entry) -> str:
    """The mapping, the file and the line of an import; nothing of a command, or where the fact cannot be read."""
    source = first.envelope.source if isinstance(first, Recorded) else None
    return "" if source is None else f": mapping {source.name}, {source.file} line {source.line}"
