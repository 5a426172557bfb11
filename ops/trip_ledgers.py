"""From a store to a trip ledger (跑动台账): the files it takes, read from the log up to an instant."""

from collections.abc import Sequence
from datetime import datetime

from casecore.kinds import fold_stream
from casecore.package.file import PackageFile

from adapters.tables import Tables
from casecore.case.file import CaseFile
from casecore.engine import Engine
from casecore.errors import Fault
from ops.explaining.trip_ledger import TripLedger, ledger_of_case, ledger_of_package, visits_of
from ops.folding import Poison, fold_history
from ops.sharing import happened, served_by

__all__ = ["case_ledger", "members_of", "package_ledger"]


def case_ledger(engine: Engine, tables: Tables, case: str, file: CaseFile, until: datetime | None) -> TripLedger:
    """The ledger of a case by an instant (None: all that is known); ``file`` is its file by then."""
    rule = engine.office.rule
    served = served_by(visits_of({case: file}), engine.log, tables, rule, besides=(case,), until=until)
    return ledger_of_case(engine.log.district, case, file, served, rule)


def package_ledger(engine: Engine, tables: Tables, package: str, file: PackageFile, until: datetime | None) -> TripLedger:
    """The ledger of a package by an instant (None: all that is known); ``file`` is its file by then."""
    rule = engine.office.rule
    members = members_of(engine, file, until)
    served = served_by(visits_of(members), engine.log, tables, rule, besides=members, until=until)
    return ledger_of_package(engine.log.district, package, file, members, served, rule)


def members_of(engine: Engine, file: PackageFile, until: datetime | None) -> dict[str, CaseFile]:
    """The files of a package's cases that were opened by an instant, in the order planned.

    Raises ``Fault`` naming the fact where one of their histories goes wrong.
    """
    cases: Sequence[str] = [member.plan.case for member in file.members]
    histories = engine.log.histories(cases)
    members: dict[str, CaseFile] = {}
    for case in cases:
        entries = histories.get(case, [])
        sound = fold_history(entries) if entries else None
        if isinstance(sound, Poison):
            raise Fault(sound.why)
        found = fold_stream(recorded.event for recorded in happened(entries, until))
        if isinstance(found, CaseFile):
            members[case] = found
    return members
