"""A real pgbouncer in front of a test's server."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final, Self

import pytest
from psycopg.conninfo import conninfo_to_dict

from support.postgres_server import HOST, ServerError, account, child_options, free_port

PROGRAM: Final = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
START_SECONDS: Final = 10

CONFIGURATION: Final = """
[databases]
* = host={host} port={server_port} user={user}
[pgbouncer]
listen_addr = {listen}
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {sessions}
server_round_robin = {round_robin}
max_client_conn = 500
logfile = {folder}/log
"""


class Pgbouncer:
    """Gives its clients ``sessions`` sessions of the server at most, each for as long as the mode says."""

    def __init__(self, server_url: str, mode: str, *, sessions: int = 20, round_robin: bool = False) -> None:
        if PROGRAM is None:
            pytest.skip("pgbouncer is not installed")
        self._parts = conninfo_to_dict(server_url)
        self._folder = Path(tempfile.mkdtemp(prefix="casebouncer-"))
        self._port = free_port()
        configuration = CONFIGURATION.format(
            host=self._parts["host"],
            server_port=self._parts["port"],
            user=self._parts["user"],
            listen=HOST,
            port=self._port,
            mode=mode,
            sessions=sessions,
            round_robin=int(round_robin),
            folder=self._folder,
        )
        (self._folder / "ini").write_text(configuration, "utf-8")
        if (who := account()) is not None:
            os.chown(self._folder, *who)
        self.process = subprocess.Popen(
            [PROGRAM, "-q", str(self._folder / "ini")], start_new_session=True, **child_options(who, self._folder)
        )

    @property
    def url(self) -> str:
        """The same database, behind it."""
        return f"postgresql://{self._parts['user']}@{HOST}:{self._port}/{self._parts['dbname']}"

    def __enter__(self) -> Self:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection((HOST, self._port), 1).close()
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.__exit__()
                    raise ServerError("pgbouncer does not answer") from error
                time.sleep(0.02)
            else:
                return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)  # at once
        self.process.wait(START_SECONDS)
        shutil.rmtree(self._folder)
