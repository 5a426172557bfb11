"""A hot standby (热备) of a PostgreSQL server of the tests' own: behind it, cut off from it, promoted in its place."""

import time
from contextlib import closing
from typing import Final

import psycopg

from support.postgres_server import USER, PostgresServer

__all__ = ["Standby"]

CAUGHT_UP_SECONDS: Final = 30


class Standby(PostgresServer):
    """Streams from a primary that runs, made with ``pg_basebackup``: it can be read, and not be written to."""

    def __init__(self, primary: PostgresServer) -> None:
        super().__init__(primary.bin_dir, durable=primary.durable)
        self._primary = primary

    def _making_data(self) -> list[str]:
        source = f"host=127.0.0.1 port={self._primary.port} user={USER}"
        return [
            str(self.bin_dir / "pg_basebackup"),
            "-D",
            str(self.data_dir),
            "-d",
            source,
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync",
        ]

    def catch_up(self) -> None:
        """Wait until it has replayed all that the primary has written."""
        with closing(psycopg.connect(self._primary.url(), autocommit=True)) as primary:
            ((written,),) = primary.execute("SELECT pg_current_wal_lsn()::text").fetchall()
        until = time.monotonic() + CAUGHT_UP_SECONDS
        with closing(psycopg.connect(self.url(), autocommit=True)) as standby:
            while not standby.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (written,)).fetchall()[0][0]:
                assert time.monotonic() < until, "the standby does not catch up"
                time.sleep(0.02)

    def cut_off(self) -> None:
        """Let nothing more of the primary's come to it."""
        with closing(psycopg.connect(self.url(), autocommit=True)) as standby:
            standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
            standby.execute("SELECT pg_reload_conf()")
            while standby.execute("SELECT count(*) FROM pg_stat_wal_receiver").fetchall()[0][0]:
                time.sleep(0.02)

    def promote(self) -> None:
        """Make it the primary, with what it has."""
        with closing(psycopg.connect(self.url(), autocommit=True)) as standby:
            assert standby.execute("SELECT pg_promote()").fetchall() == [(True,)]
