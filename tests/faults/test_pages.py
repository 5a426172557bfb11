"""Pages of the database that no walk over the log comes by: ``verify`` has the database look at them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from support.postgres_server import PostgresServer
from support.vandal import Vandal

from adapters.following import follow
from adapters.opening import open_store
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, A, carried, note, receive
from adapters.verifying import look_at_pages, verify
from casecore import Unavailable

CASECORE: Final = Path(sys.executable).parent / "casecore"


def fill(url: str) -> None:
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as desk:
        carried(desk, receive(A), *(note(f"s{n}") for n in range(20)))
    with open_store(url) as store:
        follow(store.logs, store.tables)


def asked(url: str) -> tuple[int, dict[str, Any]]:
    """The exit code of ``casecore verify``, and its JSON."""
    done = subprocess.run([CASECORE, "verify", "--store", url, "--json"], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_an_index_that_lost_a_row_is_found_though_the_log_is_whole_on_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    url = f"sqlite:///{file}"
    fill(url)
    assert asked(url)[0] == 0
    with closing(Vandal(url)) as vandal:
        vandal.run("PRAGMA wal_checkpoint(TRUNCATE)")
        ((page,),) = vandal.run(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'case_facts_g%' LIMIT 1"
        )
        ((size,),) = vandal.run("PRAGMA page_size")
    with file.open("r+b") as pages:
        pages.seek((page - 1) * size + 3)  # how many entries the index has on this page
        pages.write(b"\0\0")
    assert all(found.why is None for found in verify(url).values())
    code, found = asked(url)
    assert (code, found["ok"], found["first_bad_position"]) == (1, False, None)
    assert "in database main" in found["why"]
    assert found["pages"] == {"ok": False, "looked_by": "SQLite's integrity_check", "why": found["why"]}


@pytest.fixture
def checked_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database whose server has ``amcheck``."""
    url = postgres_server.create_database()
    with psycopg.connect(url, autocommit=True) as owner:
        try:
            owner.execute("CREATE EXTENSION amcheck")
        except psycopg.errors.FeatureNotSupported as error:
            pytest.skip(f"no amcheck here: {error}")
    yield url
    postgres_server.drop_database(url)


def test_an_index_that_lost_a_row_is_found_though_the_log_is_whole_on_postgresql(checked_url: str) -> None:
    fill(checked_url)
    code, found = asked(checked_url)
    assert (code, found["pages"]["why"]) == (0, None)
    assert found["pages"]["looked_by"].endswith("amcheck")
    ready = "UPDATE pg_index SET indisready = %s WHERE indexrelid = 'casecore_checkpoints_pkey'::regclass"
    with psycopg.connect(checked_url, autocommit=True) as owner:
        owner.execute("SET allow_system_table_mods = on")
        owner.execute(ready, [False])
        owner.execute("INSERT INTO casecore_checkpoints VALUES ('510114', 1, 1, 1)")
        owner.execute(ready, [True])
    assert all(found.why is None for found in verify(checked_url).values())
    code, found = asked(checked_url)
    assert (code, found["ok"], found["pages"]["ok"]) == (1, False, False)
    assert "casecore_checkpoints_pkey" in found["why"]


def test_a_server_without_the_means_to_look_says_so(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    fill(url)
    assert "amcheck is not there (CREATE EXTENSION amcheck)" in look_at_pages(url).looked_by
    assert look_at_pages(url).damage is None
    postgres_server.drop_database(url)
    with pytest.raises(Unavailable):
        look_at_pages(url)
