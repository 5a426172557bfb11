"""The wire: stable names, canonical bytes and back. Names and fields here are storage formats.

A fact is stored as JSON with sorted keys: when and by whom it happened, the ids it goes back to, its own fields under
``data``; the first of a command that was given an id bears the ``fingerprint`` of what the command said, and what was
recorded while the log's time stood ahead bears the ``clock`` of the machine that wrote it. Its name and the
forms it superseded stand on its class, and its codec is compiled from its annotations when it is first met. An older form is
brought up to date on its way in; a name is never edited, only superseded. An unknown name is a
:class:`~casecore.errors.Fault`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

import orjson

from casecore.annotations import Shape, shapes_of
from casecore.door import MAX_EVENT_BYTES
from casecore.errors import BadInput, Fault, Flaw
from casecore.fact import Fact, Older
from casecore.kinds import FACTS
from casecore.recorded import Envelope, Source

__all__ = ["Wire"]

_ENVELOPE_FIELDS: Final = ("at", "by")
_RECORD_FIELDS: Final = frozenset(
    {"at", "by", "causation_id", "clock", "command_id", "correlation_id", "data", "fingerprint", "source"}
)
_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


class _Codec(NamedTuple):
    topic: str
    cls: type[Fact]
    names: tuple[str, ...]
    read: Callable[[Fact], tuple[Any, ...]]
    decoders: Mapping[str, Callable[[Any], Any] | None]
    optional: frozenset[str]


class _Codecs(dict[type[Fact], _Codec]):
    """The codecs of facts, each compiled when it is first asked for."""

    def __init__(self, facts: Iterable[type[Fact]]) -> None:
        super().__init__()
        self._known = frozenset(facts)

    def __missing__(self, fact: type[Fact]) -> _Codec:
        if fact not in self._known:
            raise KeyError(fact)
        codec = self[fact] = _compile(fact)
        return codec


class Wire:
    """Encodes envelopes to (name, bytes) and decodes them again."""

    def __init__(self, facts: Iterable[type[Fact]] = FACTS) -> None:
        """Take the names; raises :class:`~casecore.errors.Fault` where two facts claim one."""
        known = tuple(dict.fromkeys(facts))
        self._facts = {fact.wire: fact for fact in known}
        self._codecs = _Codecs(known)
        steps = [step for fact in known for step in _steps(fact)]
        self._upcasts = {older.wire: (later, older) for later, older in steps}
        if clash := sorted(self._upcasts.keys() & self._facts.keys()):
            raise Fault(f"wire: {clash[0]} is both current and superseded")
        if len(self._facts) < len(known) or len(self._upcasts) < len(steps):
            raise Fault("wire: two facts bear one name")

    @property
    def names(self) -> Mapping[str, type[Fact]]:
        """Every present name, with the fact that bears it."""
        return dict(self._facts)

    @property
    def superseded(self) -> Mapping[str, str]:
        """Every name there was, with the one that took its place."""
        return {name: later for name, (later, _) in self._upcasts.items()}

    def encode(self, envelope: Envelope) -> tuple[str, bytes]:
        """Wire name and canonical bytes; raises :class:`~casecore.errors.BadInput` above 64 KiB."""
        event = envelope.event
        codec = self._codecs[type(event)]
        record: dict[str, Any] = {"at": event.at, "by": event.by}
        if envelope.causation_id is not None:
            record["causation_id"] = envelope.causation_id
        if envelope.clock is not None:
            record["clock"] = envelope.clock
        if envelope.command_id is not None:
            record["command_id"] = envelope.command_id
        if envelope.correlation_id is not None:
            record["correlation_id"] = envelope.correlation_id
        record["data"] = dict(zip(codec.names, codec.read(event), strict=True))
        if envelope.fingerprint is not None:
            record["fingerprint"] = envelope.fingerprint
        if envelope.source is not None:
            name, file, line = envelope.source
            record["source"] = {"file": file, "line": line, "name": name}
        # What orjson returns holds the buffer it was written into, 4 KiB at least; a batch keeps thousands of them.
        state = memoryview(orjson.dumps(record, default=_canonical, option=_OPTIONS)).tobytes()
        if len(state) > MAX_EVENT_BYTES:
            sentence = f"{codec.topic} takes {len(state)} bytes, the limit is {MAX_EVENT_BYTES}"
            raise BadInput(Flaw.TOO_LARGE, envelope.stream, sentence)
        return codec.topic, state

    def decode(self, stream: str, version: int, topic: str, state: bytes) -> Envelope:
        """The envelope again; raises :class:`~casecore.errors.Fault` naming stream and version."""
        try:
            record = orjson.loads(state)
            data = record["data"]
            while (fact := self._facts.get(topic)) is None:
                if (upcast := self._upcasts.get(topic)) is None:
                    raise Fault(f"{stream} version {version}: unknown event name {topic}")
                topic, data = upcast[0], upcast[1].next_form(data)
            if not _RECORD_FIELDS.issuperset(record):
                raise ValueError(f"fields nobody knows: {sorted(record.keys() - _RECORD_FIELDS)}")  # noqa: TRY301
            event = _build(self._codecs[fact], record, data)
            source = Source(**record["source"]) if "source" in record else None
            clock = datetime.fromisoformat(record["clock"]) if "clock" in record else None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise Fault(f"{stream} version {version}: {topic} cannot be read: {error!r}") from error
        return Envelope(
            stream,
            version,
            event,
            record.get("command_id"),
            record.get("correlation_id"),
            record.get("causation_id"),
            source,
            record.get("fingerprint"),
            clock,
        )

    def plain(self, event: Fact) -> tuple[str, dict[str, Any]]:
        """Wire name and the event's own fields as plain JSON values, for people and scripts to read."""
        codec = self._codecs[type(event)]
        encoded = orjson.dumps(
            dict(zip(codec.names, codec.read(event), strict=True)),
            default=_canonical,
            option=_OPTIONS,
        )
        return codec.topic, orjson.loads(encoded)


def _build(codec: _Codec, record: dict[str, Any], data: dict[str, Any]) -> Fact:
    known = {"at": datetime.fromisoformat(record["at"]), "by": record["by"]}
    decoders = codec.decoders
    for name, value in data.items():
        if name not in decoders:
            raise ValueError(f"fields nobody knows: {sorted(data.keys() - decoders.keys())}")
        decode = decoders[name]
        known[name] = value if decode is None or value is None else decode(value)
    if len(data) != len(decoders):
        for name in codec.names:
            if name not in data and name not in codec.optional:
                raise KeyError(name)
    return codec.cls(**known)


def _canonical(value: object) -> dict[str, Any] | str:
    """A value object inside an event with its keys sorted; an instant or a date as ISO text, offsets to the second."""
    if isinstance(value, date):
        return value.isoformat()
    kind: Any = value.__class__
    names, read, unsaid = _parts(kind)
    said = dict(zip(names, read(value), strict=True))
    for name, usual in unsaid:
        if said[name] == usual:
            del said[name]
    return said


class _Parts(NamedTuple):
    """What a value object is made of."""

    names: tuple[str, ...]
    """Sorted."""
    read: Callable[[Any], tuple[Any, ...]]
    unsaid: tuple[tuple[str, Any], ...]
    """The fields that are left out where they say what they say anyway, with that."""


@cache
def _parts(cls: type) -> _Parts:
    if not is_dataclass(cls):
        raise TypeError(f"{cls.__name__} has no place on the wire")
    names = tuple(sorted(field.name for field in fields(cls)))
    return _Parts(
        names, _reader(names), tuple((field.name, field.default) for field in fields(cls) if "unsaid" in field.metadata)
    )


def _steps(fact: type[Fact]) -> Iterable[tuple[str, Older]]:
    """Each older form of a fact with the name of the next one."""
    return zip([*(one.wire for one in fact.older[1:]), fact.wire], fact.older, strict=False)


def _compile(cls: type[Fact]) -> _Codec:
    shapes = shapes_of(cls)
    names = tuple(sorted(shapes.keys() - set(_ENVELOPE_FIELDS)))
    return _Codec(
        cls.wire,
        cls,
        names,
        _reader(names),
        {name: _decoder(shapes[name]) for name in names},
        frozenset(f.name for f in fields(cls) if f.default is not MISSING),
    )


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        get = attrgetter(names[0])
        return lambda event: (get(event),)
    return attrgetter(*names)


def _decoder(shape: Shape) -> Callable[[Any], Any] | None:
    """What turns a JSON value back into the annotated type; None where JSON has it already."""
    one = _decoder_of(shape.kind)
    if shape.many:
        return tuple if one is None else partial(_tuple_of, one)
    return one


def _decoder_of(kind: type[Any]) -> Callable[[Any], Any] | None:
    if kind in (str, int, bool):
        return None
    if kind in (datetime, date):
        return kind.fromisoformat  # type: ignore[no-any-return]
    if issubclass(kind, Enum):
        return kind._value2member_map_.__getitem__
    if is_dataclass(kind):
        needed = frozenset(field.name for field in fields(kind) if field.default is MISSING)
        return partial(_value_object, kind, {name: _decoder(shape) for name, shape in shapes_of(kind).items()}, needed)
    raise TypeError(f"no codec for {kind}")


def _tuple_of(decode: Callable[[Any], Any], values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(map(decode, values))


def _value_object(
    cls: type, decoders: Mapping[str, Callable[[Any], Any] | None], needed: frozenset[str], value: dict[str, Any]
) -> Any:  # noqa: ANN401
    """A value inside a fact; what was added to it after it was written takes its default."""
    known = {}
    for name, part in value.items():
        decode = decoders[name]
        known[name] = part if decode is None or part is None else decode(part)
    if len(known) != len(decoders) and (lacking := needed - known.keys()):
        raise ValueError(f"{cls.__name__} lacks {', '.join(sorted(lacking))}")
    return cls(**known)
