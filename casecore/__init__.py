"""casecore: event-sourced case tracking for government service halls (政务服务中心办件跟踪).

The pure heart: facts, commands, rules, folds and working-time arithmetic, on the standard library alone. What never
lives here: files, networks, databases, the wall clock, randomness, threads. An embedder imports commands, events and
types from this package and ``open_engine`` from ``adapters``::

    from adapters import open_engine
    from casecore import ReceiveCase
"""

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.case import commands as _commands
from casecore.case import events as _events
from casecore.case.commands import *  # noqa: F403 - the whole list is the public vocabulary
from casecore.case.events import *  # noqa: F403
from casecore.case.rules import decide
from casecore.case.state import NEW, CaseFile, evolve, fold
from casecore.case.trips import CountedTrip, count_trips
from casecore.clocks import ClockReading, Extension, Ledger, SuspensionSpan, read_clock
from casecore.engine import Engine, History
from casecore.errors import BadInput, CasecoreError, Conflict, Fault, Unavailable
from casecore.limits import Limit
from casecore.office import Office
from casecore.plan import PlanStep
from casecore.recorded import Envelope, Head, Receipt, Recorded, Source
from casecore.refusals import Reason, Refused
from casecore.service_item import Catalogue, ServiceItem
from casecore.vocabulary import (
    Answer,
    ApplicantKind,
    Cause,
    CausedBy,
    Channel,
    Decision,
    DeliveryMethod,
    Grade,
    HandlingKind,
    ItemType,
    Outcome,
    Place,
    SpecialGround,
    Stage,
    SuspensionKind,
    Tier,
    Transit,
    Unit,
    Verdict,
    Visitor,
)
