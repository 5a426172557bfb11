"""The ``eventsourcing`` library's mapper, with our wire in place of Python paths and type tags."""

from typing import Final

from eventsourcing.persistence import Mapper, StoredEvent

from adapters.wire import Wire
from casecore.recorded import Envelope

__all__ = ["WIRE", "CaseMapper"]

WIRE: Final = Wire()
"""The wire of all present events, and of all there were."""


class CaseMapper(Mapper[str]):
    """Maps an :class:`~casecore.recorded.Envelope` to a ``StoredEvent`` and back.

    It takes no cipher and no compressor: what is stored is what is hashed.
    """

    def to_stored_event(self, domain_event: Envelope) -> StoredEvent:  # type: ignore[override]
        """The stored form: topic is the wire name, state the canonical bytes."""
        topic, state = WIRE.encode(domain_event)
        return StoredEvent(domain_event.stream, domain_event.version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Envelope:
        """The envelope again; raises :class:`~casecore.errors.Fault` for what cannot be read."""
        return WIRE.decode(
            str(stored_event.originator_id), stored_event.originator_version, stored_event.topic, stored_event.state
        )
