"""The wire: stable names, canonical bytes and back. Names and fields here are storage formats.

A fact is stored as JSON with sorted keys: when and by whom it happened, the ids it goes back to, its own fields under
``data``. Codecs are compiled once per event class from its annotations. An old form is brought up to date by an
upcaster on its way in; a name is never edited, only superseded. An unknown name is a :class:`~casecore.errors.Fault`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, partial
from operator import attrgetter
from typing import Any, Final, NamedTuple, get_type_hints

import orjson

from casecore.annotations import shape_of
from casecore.case import events
from casecore.door import MAX_EVENT_BYTES
from casecore.drop_box import events as drop_box_events
from casecore.errors import BadInput, Fault, Flaw
from casecore.package import events as package_events
from casecore.recorded import Envelope, Event, Source

__all__ = ["EVENT_NAMES", "UPCASTERS", "Upcaster", "Wire"]

EVENT_NAMES: Final[Mapping[str, type[Event]]] = {
    "case.application_submitted.v1": events.ApplicationSubmitted,
    "case.pre_review_passed.v1": events.PreReviewPassed,
    "case.pre_review_returned.v1": events.PreReviewReturned,
    "case.received.v2": events.CaseReceived,
    "case.corrected_on_spot.v1": events.CorrectedOnSpot,
    "case.correction_requested.v1": events.CorrectionRequested,
    "case.correction_submitted.v1": events.CorrectionSubmitted,
    "case.accepted.v3": events.CaseAccepted,
    "case.acceptance_deemed.v2": events.AcceptanceDeemed,
    "case.not_accepted.v1": events.NotAccepted,
    "case.routed.v1": events.CaseRouted,
    "case.transferred.v1": events.CaseTransferred,
    "case.step_completed.v1": events.StepCompleted,
    "case.approval_granted.v1": events.ApprovalGranted,
    "case.approval_refused.v1": events.ApprovalRefused,
    "case.approval_returned.v1": events.ApprovalReturned,
    "case.review_completed.v1": events.ReviewCompleted,
    "case.suspended.v1": events.Suspended,
    "case.resumed.v1": events.Resumed,
    "case.extension_approved.v2": events.ExtensionApproved,
    "case.hearing_offered.v1": events.HearingOffered,
    "case.hearing_requested.v1": events.HearingRequested,
    "case.hearing_notified.v1": events.HearingNotified,
    "case.hearing_held.v1": events.HearingHeld,
    "case.renewal_deemed.v1": events.RenewalDeemed,
    "case.card_issued.v1": events.CardIssued,
    "case.card_revoked.v1": events.CardRevoked,
    "case.decision_made.v2": events.DecisionMade,
    "case.certificate_made.v2": events.CertificateMade,
    "case.certificate_sealed.v1": events.CertificateSealed,
    "case.materials_couriered.v1": events.MaterialsCouriered,
    "case.courier_dispatched.v2": events.CourierDispatched,
    "case.courier_returned.v1": events.CourierReturned,
    "case.courier_lost.v1": events.CourierLost,
    "case.result_delivered.v1": events.ResultDelivered,
    "case.closed.v1": events.CaseClosed,
    "case.withdrawn.v1": events.CaseWithdrawn,
    "case.voided.v1": events.CaseVoided,
    "case.rated.v2": events.CaseRated,
    "case.trip_made.v2": events.TripMade,
    "case.joined.v1": events.CaseJoined,
    "case.condition_lapsed.v1": events.ConditionLapsed,
    "case.mandate_granted.v1": events.MandateGranted,
    "case.mandate_revoked.v1": events.MandateRevoked,
    "case.home_service_requested.v1": events.HomeServiceRequested,
    "case.papers_handed_over.v1": events.PapersHandedOver,
    "case.material_met.v1": events.MaterialMet,
    "case.material_promised.v1": events.MaterialPromised,
    "case.lookup_failed.v1": events.LookupFailed,
    "case.papers_deposited.v1": events.PapersDeposited,
    "case.papers_collected.v1": events.PapersCollected,
    "case.papers_sent.v1": events.PapersSent,
    "case.courier_refused.v1": events.CourierRefused,
    "case.fee_paid.v1": events.FeePaid,
    "case.fee_waived.v1": events.FeeWaived,
    "case.certificate_corrected.v1": events.CertificateCorrected,
    "case.certificate_revoked.v1": events.CertificateRevoked,
    "case.certificate_reissued.v1": events.CertificateReissued,
    "case.rating_reviewed.v1": events.RatingReviewed,
    "case.rating_rectified.v1": events.RatingRectified,
    "case.rater_called_back.v1": events.RaterCalledBack,
    "package.opened.v1": package_events.PackageOpened,
    "package.material_shared.v1": package_events.MaterialShared,
    "package.member_started.v1": package_events.MemberStarted,
    "package.member_accepted.v1": package_events.MemberAccepted,
    "package.member_suspended.v1": package_events.MemberSuspended,
    "package.member_resumed.v1": package_events.MemberResumed,
    "package.member_ended.v1": package_events.MemberEnded,
    "package.member_dropped.v1": package_events.MemberDropped,
    "package.condition_met.v1": package_events.ConditionMet,
    "package.condition_failed.v1": package_events.ConditionFailed,
    "package.accepted.v1": package_events.PackageAccepted,
    "package.extended.v1": package_events.PackageExtended,
    "package.closed.v1": package_events.PackageClosed,
    "drop_box.deposited.v1": drop_box_events.BoxDeposited,
    "drop_box.collected.v1": drop_box_events.BoxCollected,
}
"""Wire name -> event class. Renaming a class moves nothing here."""

Upcaster = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]
"""Takes the fields of a superseded form, gives the next name and its fields."""


def _accepted_v2(fields_: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    plan = [{**step, "preliminary": False} for step in fields_["plan"]]
    return "case.accepted.v2", {**fields_, "plan": plan}


def _superseded_by(name: str) -> Upcaster:
    """An older form that lacks only what takes its default in the next one."""
    return lambda fields_: (name, fields_)


UPCASTERS: Final[Mapping[str, Upcaster]] = {
    "case.received.v1": _superseded_by("case.received.v2"),
    "case.accepted.v1": _accepted_v2,
    "case.accepted.v2": _superseded_by("case.accepted.v3"),
    "case.acceptance_deemed.v1": _superseded_by("case.acceptance_deemed.v2"),
    "case.extension_approved.v1": _superseded_by("case.extension_approved.v2"),
    "case.decision_made.v1": _superseded_by("case.decision_made.v2"),
    "case.certificate_made.v1": _superseded_by("case.certificate_made.v2"),
    "case.courier_dispatched.v1": _superseded_by("case.courier_dispatched.v2"),
    "case.rated.v1": _superseded_by("case.rated.v2"),
    "case.trip_made.v1": _superseded_by("case.trip_made.v2"),
}
"""Superseded forms; what a new form adds takes its default, unless it stands in a value of its own."""

_ENVELOPE_FIELDS: Final = ("at", "by")
_RECORD_FIELDS: Final = frozenset({"at", "by", "causation_id", "command_id", "correlation_id", "data", "source"})
_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


class _Codec(NamedTuple):
    topic: str
    cls: type[Event]
    names: tuple[str, ...]
    read: Callable[[Event], tuple[Any, ...]]
    decoders: Mapping[str, Callable[[Any], Any] | None]
    optional: frozenset[str]


class Wire:
    """Encodes envelopes to (name, bytes) and decodes them again."""

    def __init__(
        self,
        names: Mapping[str, type[Event]] = EVENT_NAMES,
        upcasters: Mapping[str, Upcaster] | None = None,
    ) -> None:
        """Compile the codecs; ``upcasters`` lead from superseded names to names in ``names``, in one step or several."""
        self._by_topic = {topic: _compile(topic, cls) for topic, cls in names.items()}
        self._by_class = {codec.cls: codec for codec in self._by_topic.values()}
        self._upcasters = dict(upcasters or {})
        if clash := sorted(self._upcasters.keys() & self._by_topic.keys()):
            raise Fault(f"wire: {clash[0]} is both current and superseded")

    def encode(self, envelope: Envelope) -> tuple[str, bytes]:
        """Wire name and canonical bytes; raises :class:`~casecore.errors.BadInput` above 64 KiB."""
        event = envelope.event
        codec = self._by_class[type(event)]
        record: dict[str, Any] = {"at": event.at, "by": event.by}
        if envelope.causation_id is not None:
            record["causation_id"] = envelope.causation_id
        if envelope.command_id is not None:
            record["command_id"] = envelope.command_id
        if envelope.correlation_id is not None:
            record["correlation_id"] = envelope.correlation_id
        record["data"] = dict(zip(codec.names, codec.read(event), strict=True))
        if envelope.source is not None:
            name, file, line = envelope.source
            record["source"] = {"file": file, "line": line, "name": name}
        state = orjson.dumps(record, default=_canonical, option=_OPTIONS)
        if len(state) > MAX_EVENT_BYTES:
            sentence = f"{codec.topic} takes {len(state)} bytes, the limit is {MAX_EVENT_BYTES}"
            raise BadInput(Flaw.TOO_LARGE, envelope.stream, sentence)
        return codec.topic, state

    def decode(self, stream: str, version: int, topic: str, state: bytes) -> Envelope:
        """The envelope again; raises :class:`~casecore.errors.Fault` naming stream and version."""
        try:
            record = orjson.loads(state)
            data = record["data"]
            while (codec := self._by_topic.get(topic)) is None:
                if (upcast := self._upcasters.get(topic)) is None:
                    raise Fault(f"{stream} version {version}: unknown event name {topic}")
                topic, data = upcast(data)
            if not _RECORD_FIELDS.issuperset(record):
                raise ValueError(f"fields nobody knows: {sorted(record.keys() - _RECORD_FIELDS)}")  # noqa: TRY301
            event = _build(codec, record, data)
            source = Source(**record["source"]) if "source" in record else None
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
        )

    def plain(self, event: Event) -> tuple[str, dict[str, Any]]:
        """Wire name and the event's own fields as plain JSON values, for people and scripts to read."""
        codec = self._by_class[type(event)]
        encoded = orjson.dumps(
            dict(zip(codec.names, codec.read(event), strict=True)),
            default=_canonical,
            option=_OPTIONS,
        )
        return codec.topic, orjson.loads(encoded)


def _build(codec: _Codec, record: dict[str, Any], data: dict[str, Any]) -> Event:
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
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} has no place on the wire")
    return {name: getattr(value, name) for name in _sorted_names(value.__class__)}


@cache
def _sorted_names(cls: type) -> tuple[str, ...]:
    return tuple(sorted(field.name for field in fields(cls)))


def _compile(topic: str, cls: type[Event]) -> _Codec:
    hints = get_type_hints(cls)
    names = tuple(sorted(f.name for f in fields(cls) if f.name not in _ENVELOPE_FIELDS))
    return _Codec(
        topic,
        cls,
        names,
        _reader(names),
        {name: _decoder(hints[name]) for name in names},
        frozenset(f.name for f in fields(cls) if f.default is not MISSING),
    )


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        get = attrgetter(names[0])
        return lambda event: (get(event),)
    return attrgetter(*names)


def _decoder(hint: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 - a type annotation is any object
    """What turns a JSON value back into the annotated type; None where JSON has it already."""
    kind, _, many = shape_of(hint)
    one = _decoder_of(kind)
    if many:
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
        parts = tuple((f.name, _decoder(get_type_hints(kind)[f.name])) for f in fields(kind))
        return partial(_value_object, kind, parts)
    raise TypeError(f"no codec for {kind}")


def _tuple_of(decode: Callable[[Any], Any], values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(map(decode, values))


def _value_object(cls: type, parts: tuple[tuple[str, Callable[[Any], Any] | None], ...], value: dict[str, Any]) -> Any:  # noqa: ANN401
    if len(value) != len(parts):
        raise ValueError(f"{cls.__name__} has other fields: {sorted(value)}")
    return cls(
        **{name: value[name] if decode is None or value[name] is None else decode(value[name]) for name, decode in parts}
    )
