"""What older versions of the program wrote: the same facts in the forms that have been superseded since."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from adapters.calendar_toml import NATIONAL
from adapters.mapper import WIRE
from adapters.wire import Wire
from casecore import (
    AcceptanceDeemed,
    CaseAccepted,
    CaseClosed,
    CaseRated,
    CaseReceived,
    CertificateMade,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    DeliveryMethod,
    Envelope,
    ExtensionApproved,
    Grade,
    HandlingKind,
    Limit,
    Outcome,
    PlanStep,
    ResultDelivered,
)
from casecore.kinds import FACTS
from casecore.recorded import Event
from support.followed import PACKAGE, SUPERVISED, nationally, trip
from support.story import CITIZEN, CLERK, DECIDED, day, fact, received, submitted

__all__ = ["LATEST_BEFORE", "OLDEST", "OLD_LIVES", "as_written_before"]

GOLDEN: Final = Path(__file__).parents[1] / "adapters" / "golden_wire.jsonl"

_LIVES: Final = {
    "old": (
        submitted(),
        *nationally(*DECIDED),
        trip("03-05 09:30", "V1"),
        fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence"),
        fact(ExtensionApproved, "03-05 11:00", days=5, approver="zhao", reason="difficult"),
        fact(CaseClosed, "03-06 09:00", outcome=Outcome.CERTIFICATE_ISSUED),
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS", certificate="C1"),
        fact(ResultDelivered, "03-09 11:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="P1"),
        fact(CaseRated, "03-10 09:00", grade=Grade.SATISFIED),
    ),
    "old-deemed": (
        received(),
        fact(
            AcceptanceDeemed,
            "03-10 09:00",
            by=CLERK,
            item="FOOD",
            effective_on=received().at.date(),
            item_version=1,
            handling=HandlingKind.PROMISED,
            promised=Limit.working_days(10),
            statutory=Limit.working_days(20),
            plan=(PlanStep(step="fire", department="Fire"),),
            trips_promised=1,
            calendar=NATIONAL,
            notice_due_on=day("03-09"),
        ),
    ),
    "old-supervised": SUPERVISED,
    "old-corrected": (
        received(),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",)),
        fact(CorrectionSubmitted, "03-03 09:00", by=CITIZEN, materials=("lease",)),
    ),
    "old-package": PACKAGE,
}


def _as_then(event: Event) -> Event:
    """The fact without what kind of item it was about, which nobody told."""
    if not isinstance(event, CaseReceived | CaseAccepted | AcceptanceDeemed):
        return event
    return replace(event, item_type=None, licence_law=True)


OLD_LIVES: Final = {stream: tuple(map(_as_then, events)) for stream, events in _LIVES.items()}
"""Whole cases that say nothing an older version could not have said."""


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


_LIVED: Final = sorted(name for name in WIRE.superseded if not name.startswith("district."))
"""Books are adopted as a log is opened, and lead no life: their older forms are read and folded with all others."""
OLDEST: Final = {_stem(name): name for name in reversed(_LIVED)}
"""The first form of each fact that has several."""
LATEST_BEFORE: Final = {_stem(name): name for name in _LIVED}
"""The form of each that is superseded by today's."""
_LINES: Final = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
_FORMS: Final = {line["name"]: json.loads(line["state"])["data"] for line in _LINES if line["form"] == "full"}


class _OldWire(Wire):
    """Writes superseded forms; reads whatever there is."""

    def __init__(self, names: dict[str, str], facts: Sequence[type[Event]]) -> None:
        super().__init__(facts)
        self._old = names

    def encode(self, envelope: Envelope) -> tuple[str, bytes]:
        """Wire name and bytes of a superseded form, with just the fields its golden bytes have."""
        name, state = super().encode(envelope)
        old = self._old.get(_stem(name))
        if old is None:
            return name, state
        record = json.loads(state)
        record["data"] = _cut(record["data"], _FORMS[old])
        return old, json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _cut(value: Any, like: Any) -> Any:
    """What of a value an older form has a place for."""
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: _cut(part, like[key]) for key, part in value.items() if key in like}
    if isinstance(value, list) and isinstance(like, list):
        return [_cut(part, like[0]) for part in value]
    return value


def as_written_before(forms: dict[str, str], facts: Sequence[type[Event]] = FACTS) -> Wire:
    """A wire that writes these forms: ``OLDEST`` or ``LATEST_BEFORE``."""
    return _OldWire(forms, facts)
