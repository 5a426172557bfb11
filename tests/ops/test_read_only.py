"""What only reads needs no right to write: on a hot standby, and in a file nobody may write to in a folder nobody may."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from support.followed import A
from support.named import Town
from support.postgres_server import PostgresServer
from support.standby import Standby

from adapters import open_engine
from casecore import ApplicantKind, Receipt, ReceiveCase

NAME: Final = "审批[fire]科"
TESTS: Final = Path(__file__).resolve().parents[1]
ASKING: Final = """
import json, sys
from pathlib import Path
from support.named import Town
town = Town(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
print(json.dumps({"reading": town.screens(), "writing": town.screens(writing=True)}))
"""
CANNOT_WRITE: Final = {"rebuild", "import", "tick"}
"""Commands that come to nothing where nothing can be written; others of those that write have nothing to write there."""
TAKEN_NOW: Final = re.compile(r"at \d{4}-\d\d-\d\d[T ][\d:.+]+|again\.checkpoint.*|\b\d+ bytes\b|r\.csv.*")


def powerless(*command: object) -> "subprocess.CompletedProcess[str]":
    """Run by somebody who may do what the rights of files say, and no more: root without its powers is one."""
    words = [*(("setpriv", "--bounding-set", "-all") if os.geteuid() == 0 else ()), *map(str, command)]
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    return subprocess.run(words, env=env, capture_output=True, text=True, timeout=500, check=False)


def answers(town: Town) -> dict[str, dict[str, Any]]:
    """All that every command says there."""
    done = powerless(sys.executable, "-c", ASKING, town.folder, town.name, town.store)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def compared(told: dict[str, Any], store: str) -> dict[str, tuple[int, str]]:
    """What does not depend on where the store is, and when it was asked."""
    return {line: (code, TAKEN_NOW.sub("", said).replace(store, "STORE")) for line, (code, said) in told.items()}


def check(found: dict[str, dict[str, Any]], wanted: dict[str, tuple[int, str]], store: str) -> None:
    reading = compared(found["reading"], store)
    print(f"{len(reading)} commands read where nothing can be written")  # noqa: T201
    assert {line: said for line, said in reading.items() if said != wanted[line]} == {}
    assert len(reading) > 30
    for line, (code, said) in found["writing"].items():
        assert "Traceback" not in said
        if line in CANNOT_WRITE:
            assert (code, said.count("\n")) == (3, 1), (line, said)
        assert code in (0, 1, 3), (line, said)


def marks(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@contextmanager
def closed(folder: Path) -> Iterator[Path]:
    """A folder, and all that is in it, that nobody may write to."""
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    try:
        yield folder
    finally:
        folder.chmod(0o755)


def test_every_command_that_reads_does_in_a_file_nobody_may_write_to(tmp_path: Path) -> None:
    town = Town.of(tmp_path / "town", NAME)
    wanted = compared(town.screens(), town.store)
    (tmp_path / "medium").mkdir()
    shutil.copy(tmp_path / "town" / "cases.db", tmp_path / "medium" / "cases.db")
    with closed(tmp_path / "medium") as medium:
        before, store = marks(medium), f"sqlite:///{medium}/cases.db"
        found = answers(town._replace(store=store))
        assert marks(medium) == before == {"cases.db": before["cases.db"]}
    check(found, wanted, store)


def test_every_command_that_reads_does_on_a_hot_standby(postgres_bin: Path, tmp_path: Path) -> None:
    if not (postgres_bin / "pg_basebackup").is_file():
        pytest.skip("no pg_basebackup here")
    with PostgresServer(postgres_bin, durable=False) as primary:
        url = primary.create_database()
        town = Town.of(tmp_path / "town", NAME, url)
        wanted = compared(town.screens(), url)
        with Standby(primary) as standby:
            standby.catch_up()
            there = standby.url(url.rpartition("/")[2])
            check(answers(town._replace(store=there)), wanted, there)


def receive(case: str) -> ReceiveCase:
    who: dict[str, Any] = {"applicant": "A-1", "applicant_kind": ApplicantKind.COMPANY, "hall": "H1"}
    return ReceiveCase(case=case, by="w", item="bookstore-licence", **who)


def received(url: str) -> tuple[int, str]:
    """How many cases a report counts that may only read, and what it says on stderr."""
    casecore = Path(sys.executable).parent / "casecore"
    done = powerless(casecore, "report", "--json", "--store", url)
    assert done.returncode == 0, done.stderr
    (figure,) = [one for one in json.loads(done.stdout)["indicators"] if one["code"] == "K20-received"]
    return figure["numerator"], done.stderr


def test_what_is_not_followed_is_said_and_what_was_never_followed_is_counted_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    url = f"sqlite:///{folder}/cases.db"
    with open_engine(url, district=A) as engine:
        assert isinstance(engine.handle(receive("C-1")), Receipt)
    with closed(folder):
        assert received(url) == (1, "")
    (folder / "cases.db").chmod(0o644)
    assert received(url) == (1, "")  # which follows
    with open_engine(url, district=A) as engine:
        assert isinstance(engine.handle(receive("C-2")), Receipt)
    with closed(folder):
        said = f"casecore: log {A}: 1 fact is not counted: the store can only be read, not followed\n"
        assert received(url) == (1, said)
    (folder / "cases.db").chmod(0o644)
    assert received(url) == (2, "")


def test_a_file_whose_writer_still_has_it_open_is_read_with_what_he_has_just_written(tmp_path: Path) -> None:
    """Its write-ahead log is not passed over, as it would be where the file is taken for one that does not change."""
    folder = tmp_path / "hall"
    folder.mkdir()
    url = f"sqlite:///{folder}/cases.db"
    with open_engine(url, district=A) as engine:
        assert isinstance(engine.handle(receive("C-1")), Receipt)
        folder.chmod(0o555)
        try:
            assert received(url)[0] == 1
            assert isinstance(engine.handle(receive("C-2")), Receipt)
            assert received(url)[0] == 2
        finally:
            folder.chmod(0o755)
    with closing(sqlite3.connect(folder / "cases.db")) as connection:
        assert connection.execute("SELECT count(*) FROM casecore_heads").fetchone() == (1,)
