"""A program of before: what ours did when it knew no more than the first migrations of a store."""

from collections.abc import Callable
from typing import Any, Final

from adapters.evidence.chain import genesis
from adapters.last_seen import Found
from adapters.ledger import LedgerRecorder
from adapters.sql_ledger import NOWHERE, SqlLedgerRecorder
from adapters.stores import migrating
from adapters.stores.postgres import append
from adapters.stores.postgres import ledger as postgres_ledger
from adapters.stores.postgres.ledger import PostgresLedgerRecorder
from adapters.stores.sqlite.ledger import SqliteLedgerRecorder

__all__ = ["forget_what_is_new", "head_unfenced"]

EPOCHS: Final = {"adapters.stores.postgres": 6, "adapters.stores.sqlite": 5}
"""Since when a store knows epochs; an older program asserts nothing of what it saw."""
GUARDED_READS: Final = 5
"""Since when appends on PostgreSQL name the versions of what was read."""
SNAPSHOTS: Final = {PostgresLedgerRecorder: 7, SqliteLedgerRecorder: 6}
"""Since when a store keeps snapshots; an older program folds every file from the first fact."""
LOOKS: Final = {PostgresLedgerRecorder: 8, SqliteLedgerRecorder: 7}
"""Since when a store keeps when streams are to be looked at; an older program looks at all when it begins."""

Patch = Callable[[Any, str, Any], None]
"""``setattr``, or pytest's."""


def head_unfenced(recorder: SqliteLedgerRecorder, cursor: Any, _: Any) -> tuple[int, bytes, int]:
    """Where the log ends, whatever was seen of it."""
    sql = "SELECT position, hash, recorded_at FROM casecore_heads WHERE log = ?"
    cursor.execute(sql, (recorder.district,))
    return cursor.fetchone() or (0, genesis(recorder.district), 0)


def forget_what_is_new(last: int, patch: Patch) -> None:
    """Make what is opened from here on that of a program which knows no migration of either store after number ``last``."""
    known = migrating.migrations
    patch(migrating, "migrations", lambda package: known(package)[:last])
    if last < min(EPOCHS.values()):
        patch(SqlLedgerRecorder, "found", lambda *_: Found(1, NOWHERE, None))
        patch(LedgerRecorder, "look_back", lambda self: self.last_seen.now.branch)
        patch(SqliteLedgerRecorder, "_fenced_head", head_unfenced)
        patch(PostgresLedgerRecorder, "_meet", lambda *_: None)
        for name in ("APPEND", "GUARDED"):
            statement = getattr(append, name)
            patch(append, name, statement._replace(sql=statement.sql.replace(append.FENCE.encode(), b"")))
    for recorder, since in SNAPSHOTS.items():
        if last < since:
            for name in ("stretch_rows", "snapshots", "snapshot_streams", "keep_snapshot"):
                patch(recorder, name, getattr(LedgerRecorder, name))
    for recorder, since in LOOKS.items():
        if last < since:
            for name in ("kept_looks", "keep_looks"):
                patch(recorder, name, getattr(LedgerRecorder, name))
    if last < GUARDED_READS:
        made = append.append_statement
        patch(append, "standing_before", lambda _: ())
        patch(postgres_ledger, "append_statement", lambda log, now, asked: made(log, now, asked._replace(reads=())))
