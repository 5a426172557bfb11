"""Faults planted into the running code, each of a kind that once was real somewhere: the simulation has to find them."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from eventsourcing.persistence import OperationalError, Tracking

from adapters.district_log import DistrictLog, translated
from adapters.group_commit import GroupCommit
from adapters.ledger import Appended
from adapters.stores.sqlite.ledger import SqliteLedgerRecorder
from adapters.tables import MOVE_MARK, Tables, _name
from casecore.case.file import CaseFile
from casecore.drafting import Draft
from casecore.recorded import Mark
from support.old_programs import head_unfenced

__all__ = ["PLANTED"]

Patch = Callable[[Any, str, Any], None]


def no_fence(patch: Patch) -> None:
    """An append looks no more whether the store holds what was seen of it: it goes by files that are gone."""
    patch(SqliteLedgerRecorder, "_fenced_head", head_unfenced)


def early_receipts(patch: Patch) -> None:
    """A receipt is given before the commit, and kept when the commit comes to nothing."""
    whole = GroupCommit.append

    def append(self: GroupCommit, events: Sequence[Any], *more: Any) -> Appended:
        try:
            return whole(self, events, *more)
        except OperationalError:
            end = self._ledger.head()
            return end._replace(position=end.position + len(events))

    patch(GroupCommit, "append", append)


def no_receipts_asked(patch: Patch) -> None:
    """Nobody looks whether a command was carried out: sent twice, it is carried out twice."""
    whole = GroupCommit.append

    def append(self: GroupCommit, events: Sequence[Any], receipts: Sequence[Any], *more: Any) -> Appended:
        known = {one.command_id for one in self._ledger.stored_receipts([each.command_id for each in receipts])}
        return whole(self, events, [one for one in receipts if one.command_id not in known], *more)

    patch(GroupCommit, "append", append)
    patch(DistrictLog, "receipts", lambda *_: {})


def mark_before_rows(patch: Patch) -> None:
    """A follower moves its mark in one transaction, and writes the rows in the next."""

    def put(  # noqa: PLR0913 - as the method it takes the place of
        self: Tables, generation: Any, district: str, cases: Any, upto: Mark, *, aside: Any = (), **_: Any
    ) -> None:
        name = _name(generation, district)
        with translated(), self._transaction() as cursor:
            self.tracker._insert_tracking(cursor, Tracking(name, upto.position))
            self._execute(cursor, MOVE_MARK, {"name": name, **upto._asdict()})
        with translated(), self._transaction() as cursor:
            self._replace(cursor, generation, district, cases)
            self._set_aside(cursor, generation, aside)

    patch(Tables, "put", put)


def nothing_rested_on(patch: Patch) -> None:
    """An append names no stream that its decision only looked into: two windows are left, each to the other."""
    patch(Draft, "reads", {})


def cards_forgotten(patch: Patch) -> None:
    """A file forgets the cards it bears: a clock issues them again."""
    patch(CaseFile, "cards", ())


PLANTED: Final = (no_fence, early_receipts, no_receipts_asked, mark_before_rows, nothing_rested_on, cards_forgotten)
