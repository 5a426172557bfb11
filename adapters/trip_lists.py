"""``trip_list``: the visits (跑动) of a case or a package, from the log of its district up to an instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from adapters.folding import Poison, fold_history
from adapters.sharing import happened, served_by
from adapters.sound_histories import facts_by
from adapters.tables import Tables
from casecore.case.file import CaseFile
from casecore.engine import Engine
from casecore.errors import Fault
from casecore.kinds import CASE, PACKAGE, fold_stream
from casecore.package.file import PackageFile
from projections.explaining.trip_list import TripList, trip_list_of_case, trip_list_of_package, visits_of

__all__ = ["LISTED", "members_of", "trip_list"]

LISTED: Final = (CASE, PACKAGE)
"""The kinds of streams a trip list is made of."""


def trip_list(engine: Engine, tables: Tables, stream: str, as_of: datetime | None = None) -> TripList:
    """The trip list (跑动台账) of a case or a package: each visit, the cases it served, what it counts for, and why.

    ``as_of`` is an aware instant: only what had happened by then is listed; None lists all that is known. ``tables`` are the
    fact tables of the same store: they find the other cases a visit served the faster, the better they are followed, and
    never change the answer. Of a package every visit stands once, with the share of its cases together.

    Raises :class:`~casecore.errors.BadInput` for an id that is neither a case nor a package of this district, and
    :class:`~casecore.errors.Fault` naming the fact where a history it rests on cannot be read or folded.
    """
    facts = facts_by(engine, stream, *LISTED, until=as_of)
    books, log = engine.books, engine.log
    match fold_stream(recorded.event for recorded in facts):
        case CaseFile() as file:
            served = served_by(visits_of({stream: file}), log, tables, books, besides=(stream,), until=as_of)
            return trip_list_of_case(log.district, stream, file, served, books)
        case PackageFile() as package:
            members = members_of(engine, package, as_of)
            served = served_by(visits_of(members), log, tables, books, besides=members, until=as_of)
            return trip_list_of_package(log.district, stream, package, members, served, books)
        case other:
            raise TypeError(type(other).__name__)


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
