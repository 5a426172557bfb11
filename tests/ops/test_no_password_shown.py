"""No address with its password: in no error, line of a log, report or prompt, whatever is wrong with it or its server."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from support.followed import A
from support.named import SCREENS, Screen
from typer.testing import CliRunner

from adapters import open_engine
from adapters.stores.addresses import HIDDEN, shown_address, without_passwords
from adapters.stores.known import store_at
from casecore import BadInput, CasecoreError
from casecore.errors import Unavailable
from ops.cli import app

CASECORE = Path(sys.executable).parent / "casecore"
SECRET: Final = "s3cr3t"  # noqa: S105 - of nothing
NOBODY: Final = "127.0.0.1:1"
"""Where no server listens."""
ADDRESSES: Final = (
    f"postgresql://u:{SECRET}@{NOBODY}/db",
    f"postgres://u:{SECRET}@{NOBODY}/db?connect_timeout=2",
    f"postgresql://u:a@{SECRET}@{NOBODY}/db",
    f"postgresql://u:a/{SECRET}@{NOBODY}/db",
    f"postgresql://u:{SECRET}/a@{NOBODY}/db",
    f"postgresql://u:a#{SECRET}@{NOBODY}/db",
    f"postgresql://u:a?{SECRET}@{NOBODY}/db",
    f"postgresql://u:a/?{SECRET}@{NOBODY}/db",
    f"postgresql://u:%zz{SECRET}@{NOBODY}/db",
    f"postgresql://u:{SECRET} x@{NOBODY}/db",
    f"postgresql://u:{SECRET}@{NOBODY}:x/db",
    f"postgresql://{NOBODY}/db?user=u&password={SECRET}",
    f"postgresql://{NOBODY}/db?user=u&pass%77ord={SECRET}",
    f"postgresql://{NOBODY}/db?user=u&password=a&{SECRET}",
    f"postgresql://{NOBODY}/db?user=u&sslpassword={SECRET}",
    f"postgresql:u:{SECRET}@{NOBODY}/db",
    f"host=127.0.0.1 port=1 user=u password={SECRET}",
    f"host=127.0.0.1 port=1 user=u password = '{SECRET} x'",
    f"mysql://u:{SECRET}@{NOBODY}/db",
)
"""What people write, and what they write when their password holds a sign that means something."""


def said(*arguments: str, folder: Path | None = None, **env: str) -> tuple[int, str]:
    """Exit code, and all a command says."""
    done = subprocess.run(
        [CASECORE, *arguments],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def asked(*arguments: str) -> tuple[int, str]:
    """The same, asked within this program."""
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_is_shown_without_its_password(url: str) -> None:
    assert SECRET not in shown_address(url)
    assert HIDDEN in shown_address(url)
    with pytest.raises(CasecoreError) as found:
        store_at(url).exists()
    assert SECRET not in "".join(map(str, (found.value, found.value.args, found.value.__cause__, found.value.__context__)))
    assert isinstance(found.value, BadInput | Unavailable)


@pytest.mark.parametrize("url", ["sqlite:///a:b@c.db", "postgresql://u@h:5432/db?sslmode=require", "memory:"])
def test_an_address_without_a_password_is_shown_as_it_is(url: str) -> None:
    assert shown_address(url) == url
    assert without_passwords(f"store {url}: not there") == f"store {url}: not there"


def test_every_option_libpq_takes_for_a_secret_is_hidden() -> None:
    secrets = [option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults() if option.dispchar == b"*"]
    assert "password" in secrets
    for option in secrets:
        assert shown_address(f"postgresql://h/db?{option}={SECRET}") == f"postgresql://h/db?{option}={HIDDEN}"


def test_an_address_in_the_middle_of_a_sentence_is_shown_without_its_password() -> None:
    for url in (one for one in ADDRESSES if "://" in one and " " not in one):
        assert SECRET not in without_passwords(f"no log in {url}; try again")


WRONG: Final = (f"postgresql://u:{SECRET}@{NOBODY}/db", f"postgresql://u:a@{SECRET}@{NOBODY}/db")


def test_no_command_says_it_where_the_server_is_not_there_or_the_address_is_wrong(tmp_path: Path) -> None:
    """Every command of a store, once."""
    (tmp_path / "f").write_text("", "utf-8")
    screens = {screen.command: screen for screen in SCREENS if screen.command not in ("check-proof", "mapping suggest")}
    for screen in screens.values():
        for url in WRONG:
            code, text = asked(*arguments(screen, tmp_path), "--store", url)
            assert (code in (1, 2, 3), SECRET in text) == (True, False), (screen, text)


def arguments(screen: Screen, folder: Path) -> list[str]:
    return [*screen.command.split(), *(re.sub(r"\{[^}]*\}.*", str(folder / "f"), one) for one in screen.arguments)]


@pytest.mark.parametrize(
    "words",
    [
        ("verify", WRONG[0]),  # an argument too many, which Typer repeats
        ("case", "show", WRONG[0], "--store", WRONG[0]),
        ("due", "--accepted", WRONG[0], "--limit", "1"),
        (WRONG[0],),
        ("report", f"--stor={WRONG[0]}"),
    ],
)
def test_a_mistake_of_use_repeats_no_password(words: tuple[str, ...]) -> None:
    code, text = said(*words)
    assert (code in (2, 3), SECRET in text) == (True, False), text


@pytest.mark.parametrize("value", [f'"{WRONG[0]}"', f'["{WRONG[0]}"]', f'"mysql://u:{SECRET}@h"', f'"{WRONG[1]}"'])
def test_settings_are_faulted_without_the_password_in_them(tmp_path: Path, value: str) -> None:
    (tmp_path / "casecore.toml").write_text(f"store = {value}\n", "utf-8")
    code, text = said("report", folder=tmp_path)
    assert (code in (1, 2, 3), SECRET in text) == (True, False), text


def test_a_live_store_that_is_asked_with_a_password_says_none(postgres_url: str) -> None:
    """The test server trusts everybody, so that an address with a password works, and every message can be drawn."""
    parts = conninfo_to_dict(postgres_url)
    url = f"postgresql://{parts['user']}:{SECRET}@{parts['host']}:{parts['port']}/{parts['dbname']}"
    code, text = asked("report", "--store", url)
    assert (code, SECRET in text, f":{HIDDEN}@" in text) == (2, False, True)  # no tables of ours yet
    with open_engine(url, district=A):
        pass
    drawn = [
        asked("follow", "--once", "--store", url),
        asked("rebuild", "--store", url),
        asked("case", "show", "none", "--store", url),
        asked("verify", "--district", "999", "--store", url),
        asked("trips", "none", "--district", "999", "--store", url),
        asked("agent", "none", "--store", url),
        asked("doctor", "--store", url),
        asked("follow", "--once", "--store", url.replace(str(parts["dbname"]), "none_such")),
        asked("demo", "--cases", "60", "--store", url),
    ]
    assert sum(HIDDEN in text for _, text in drawn) >= 6
    assert [text for _, text in drawn if SECRET in text] == []
    assert json.loads(drawn[0][1].splitlines()[-1])["store"] == shown_address(url)


def test_an_error_nobody_foresaw_tells_no_address_though_it_tells_where_it_happened(tmp_path: Path) -> None:
    script = (
        "import sys; from ops.cli import main; import adapters.verifying\n"
        "def broken(store, *_, **__): raise RuntimeError('unforeseen')\n"
        "adapters.verifying.verify = broken\n"
        f"sys.argv = ['casecore', 'verify', '--store', {WRONG[0]!r}]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert "unforeseen" in done.stderr
    assert SECRET not in done.stdout + "".join(line for line in done.stderr.splitlines() if "sys.argv" not in line)
