"""What a command asks a store for: the history of one stream, known to be whole, of the kind asked for, up to an instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from casecore.kind import Kind
from casecore.kinds import CASE, DROP_BOX, PACKAGE

from casecore.engine import Engine
from casecore.errors import BadInput, Fault, Flaw
from casecore.log import readable
from casecore.recorded import Entry, Recorded, Unreadable
from ops.folding import Poison, fold_history, kind_found

__all__ = ["happened_by", "kind_among", "sound"]

E = TypeVar("E", bound=Entry)

_LOOKED_AT: Final = {CASE.name: "case show", PACKAGE.name: "package show", DROP_BOX.name: "box history"}
"""With which command each kind of stream is looked at."""


def sound(engine: Engine, stream: str, *kinds: Kind) -> list[Recorded]:
    """Every fact of a stream; raises ``Fault`` naming the one where its history goes wrong.

    Raises ``BadInput`` where the stream is of none of the kinds asked for.
    """
    entries = engine.log.history(stream)
    kind_among(entries, stream, *kinds)
    file = fold_history(entries)
    if isinstance(file, Poison):
        raise Fault(file.why)
    return list(readable(entries))


def kind_among(entries: Sequence[Entry], stream: str, *kinds: Kind) -> Kind:
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


def happened_by(entries: Sequence[E], stream: str, until: datetime | None) -> list[E]:
    """What had happened by an instant, which must be something; when is not known of what cannot be read."""
    happened = [e for e in entries if until is None or isinstance(e, Unreadable) or e.occurred_at <= until]
    if not happened:
        raise BadInput(Flaw.USAGE, stream, f"nothing had happened by {until}")
    return happened
