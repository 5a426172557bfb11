"""casecore: event-sourced case tracking for government service halls (政务服务中心办件跟踪).

The pure heart: facts, commands, rules, folds and working-time arithmetic, on the standard library alone. What never
lives here: files, networks, databases, the wall clock, randomness, threads. An embedder imports commands, facts and
types from this package and what opens or reads a store from ``adapters``::

    from adapters import open_engine
    from casecore import ReceiveCase
"""

from typing import TYPE_CHECKING

from casecore import (
    annotations,
    auditing,
    books,
    calendar,
    calendar_sheet,
    calendars,
    cards,
    clock,
    clocks,
    command,
    district_rule,
    engine,
    errors,
    fact,
    given,
    histories,
    kind,
    kinds,
    ledger,
    limits,
    office,
    places,
    plan,
    recorded,
    refusals,
    said,
    service_item,
    theme,
    ticking,
    visit_ids,
    vocabulary,
)
from casecore.annotations import *
from casecore.auditing import *
from casecore.books import *
from casecore.calendar import *
from casecore.calendar_sheet import *
from casecore.calendars import *
from casecore.cards import *
from casecore.clock import *
from casecore.clocks import *
from casecore.command import *
from casecore.district_rule import *
from casecore.engine import *
from casecore.errors import *
from casecore.exports import names_of
from casecore.fact import *
from casecore.given import *
from casecore.histories import *
from casecore.kind import *
from casecore.kinds import *
from casecore.ledger import *
from casecore.limits import *
from casecore.office import *
from casecore.places import *
from casecore.plan import *
from casecore.reading import critical_path as reading_critical_path
from casecore.reading import joint_review as reading_joint_review
from casecore.reading import materials as reading_materials
from casecore.reading import package_progress as reading_package_progress
from casecore.reading import progress as reading_progress
from casecore.reading import trips as reading_trips
from casecore.reading import visits as reading_visits
from casecore.reading.critical_path import *
from casecore.reading.joint_review import *
from casecore.reading.materials import *
from casecore.reading.package_progress import *
from casecore.reading.progress import *
from casecore.reading.trips import *
from casecore.reading.visits import *
from casecore.recorded import *
from casecore.refusals import *
from casecore.said import *
from casecore.service_item import *
from casecore.theme import *
from casecore.ticking import *
from casecore.visit_ids import *
from casecore.vocabulary import *

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(
        annotations,
        auditing,
        books,
        calendar,
        calendar_sheet,
        calendars,
        cards,
        clock,
        clocks,
        command,
        district_rule,
        engine,
        errors,
        fact,
        given,
        histories,
        kind,
        kinds,
        ledger,
        limits,
        office,
        places,
        plan,
        reading_critical_path,
        reading_joint_review,
        reading_materials,
        reading_package_progress,
        reading_progress,
        reading_trips,
        reading_visits,
        recorded,
        refusals,
        said,
        service_item,
        theme,
        ticking,
        visit_ids,
        vocabulary,
    )
