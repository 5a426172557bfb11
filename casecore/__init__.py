"""casecore: event-sourced case tracking for government service halls (政务服务中心办件跟踪).

The pure heart: facts, commands, rules, folds and working-time arithmetic, on the standard library alone. What never
lives here: files, networks, databases, the wall clock, randomness, threads. An embedder imports commands, facts and
types from this package and what opens or reads a store from ``adapters``::

    from adapters import open_engine
    from casecore import ReceiveCase
"""

from casecore import (
    annotations,
    calendar,
    calendars,
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
    vocabulary,
)
from casecore.annotations import *
from casecore.auditing import finding as auditing_finding
from casecore.auditing import findings as auditing_findings
from casecore.auditing.finding import *
from casecore.auditing.findings import *
from casecore.calendar import *
from casecore.calendars import *
from casecore.case import acts as case_acts
from casecore.case import clocks as case_clocks
from casecore.case import command as case_command
from casecore.case import facts as case_facts
from casecore.case import file as case_file
from casecore.case import kind as case_kind
from casecore.case.acts import *
from casecore.case.clocks import *
from casecore.case.command import *
from casecore.case.facts import *
from casecore.case.file import *
from casecore.case.kind import *
from casecore.clock import *
from casecore.clocks import *
from casecore.command import *
from casecore.district_rule import *
from casecore.drop_box import acts as drop_box_acts
from casecore.drop_box import facts as drop_box_facts
from casecore.drop_box import file as drop_box_file
from casecore.drop_box.acts import *
from casecore.drop_box.facts import *
from casecore.drop_box.file import *
from casecore.engine import *
from casecore.errors import *
from casecore.fact import *
from casecore.given import *
from casecore.histories import *
from casecore.kind import *
from casecore.kinds import *
from casecore.ledger import *
from casecore.limits import *
from casecore.office import *
from casecore.package import acts as package_acts
from casecore.package import clocks as package_clocks
from casecore.package import facts as package_facts
from casecore.package import file as package_file
from casecore.package.acts import *
from casecore.package.clocks import *
from casecore.package.facts import *
from casecore.package.file import *
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
from casecore.vocabulary import *

__all__: list[str] = []
__all__ += annotations.__all__
__all__ += auditing_finding.__all__
__all__ += auditing_findings.__all__
__all__ += calendar.__all__
__all__ += calendars.__all__
__all__ += case_acts.__all__
__all__ += case_clocks.__all__
__all__ += case_command.__all__
__all__ += case_facts.__all__
__all__ += case_file.__all__
__all__ += case_kind.__all__
__all__ += clock.__all__
__all__ += clocks.__all__
__all__ += command.__all__
__all__ += district_rule.__all__
__all__ += drop_box_acts.__all__
__all__ += drop_box_facts.__all__
__all__ += drop_box_file.__all__
__all__ += engine.__all__
__all__ += errors.__all__
__all__ += fact.__all__
__all__ += given.__all__
__all__ += histories.__all__
__all__ += kind.__all__
__all__ += kinds.__all__
__all__ += ledger.__all__
__all__ += limits.__all__
__all__ += office.__all__
__all__ += package_acts.__all__
__all__ += package_clocks.__all__
__all__ += package_facts.__all__
__all__ += package_file.__all__
__all__ += places.__all__
__all__ += plan.__all__
__all__ += reading_critical_path.__all__
__all__ += reading_joint_review.__all__
__all__ += reading_materials.__all__
__all__ += reading_package_progress.__all__
__all__ += reading_progress.__all__
__all__ += reading_trips.__all__
__all__ += reading_visits.__all__
__all__ += recorded.__all__
__all__ += refusals.__all__
__all__ += said.__all__
__all__ += service_item.__all__
__all__ += theme.__all__
__all__ += ticking.__all__
__all__ += vocabulary.__all__
