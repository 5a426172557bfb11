"""The history of one stream, of a kind asked for, up to an instant: known to be whole, or as far as it can be read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from adapters.folding import Poison, fold_history, kind_found
from casecore.engine import Engine
from casecore.errors import BadInput, Fault, Flaw
from casecore.kind import Kind
from casecore.kinds import CASE, DROP_BOX, PACKAGE
from casecore.log import readable
from casecore.recorded import Entry, Recorded, Unreadable

__all__ = ["facts_by", "history_by", "kind_among"]

E = TypeVar("E", bound=Entry)

_LOOKED_AT: Final = {CASE.name: "case show", PACKAGE.name: "package show", DROP_BOX.name: "box history"}
"""With which command each kind of stream is looked at."""


def facts_by(engine: Engine, stream: str, *kinds: Kind[Any], until: datetime | None) -> list[Recorded]:
    """Every fact of a stream that had happened by an instant (None: all), of a history known to be whole.

    Raises ``Fault`` naming the fact where the history goes wrong, and ``BadInput`` where the log has no such stream, it is
    of none of the kinds asked for, or nothing had happened by then.
    """
    entries = _history(engine, stream)
    kind_among(entries, stream, *kinds)
    file = fold_history(entries)
    if isinstance(file, Poison):
        raise Fault(file.why)
    return _happened_by(list(readable(entries)), stream, until)


def history_by(engine: Engine, stream: str, kind: Kind[Any], until: datetime | None) -> list[Entry]:
    """What is stored of a stream that had happened by an instant (None: all), and what of it cannot be read.

    Raises ``BadInput`` where the log has no such stream, it is of another kind, or nothing had happened by then.
    """
    entries = _happened_by(_history(engine, stream), stream, until)
    kind_among(entries, stream, kind)
    return entries


def kind_among(entries: Sequence[Entry], stream: str, *kinds: Kind[Any]) -> Kind[Any]:
    """The kind of a stream, by the first of its facts that can be read; that asked for, where none can.

    Raises ``BadInput`` where it is another than those asked for, with the command that knows it.
    """
    kind = kind_found(entries) or kinds[0]
    if kind not in kinds:
        wanted = " or a ".join(one.name.replace("_", " ") for one in kinds)
        here = f"casecore {_LOOKED_AT[kind.name]} {stream}"
        sentence = f"is a {kind.name.replace('_', ' ')} ({kind.zh}), not a {wanted}: see {here}"
        raise BadInput(Flaw.OTHER_KIND, stream, sentence)
    return kind


def _history(engine: Engine, stream: str) -> list[Entry]:
    entries = engine.log.history(stream)
    if not entries:
        raise BadInput(Flaw.UNKNOWN_NAME, stream, f"nothing of that id in log {engine.district}")
    return list(entries)


def _happened_by(entries: Sequence[E], stream: str, until: datetime | None) -> list[E]:
    """What had happened by an instant, which must be something; when is not known of what cannot be read."""
    happened = [e for e in entries if until is None or isinstance(e, Unreadable) or e.occurred_at <= until]
    if not happened:
        raise BadInput(Flaw.NO_FACT, stream, f"nothing had happened by {until}")
    return happened
