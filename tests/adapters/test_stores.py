"""A store is its folder and one line: the list is asked once, loads what it needs, and takes in the next one as written."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from adapters.stores import known
from adapters.stores.known import STORES, Known, forms, store_at
from casecore import BadInput

README: Final = Path(known.__file__).with_name("README.md").read_text("utf-8")
PACKAGE, LINE, CONTRACT = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("one", STORES, ids=lambda one: one.form)
def test_every_scheme_leads_to_the_store_its_line_names(one: Known, tmp_path: Path) -> None:
    for scheme in one.schemes:
        url = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/cases.db"}.get(scheme, f"{scheme}://host/cases")
        place = store_at(url)
        assert type(place).__module__ == one.package
        assert place.url == url
        assert place.environment["PERSISTENCE_MODULE"].startswith(one.package)


def test_what_a_url_may_look_like_is_said_by_the_list() -> None:
    assert forms().startswith("memory:, sqlite:///file.db")
    assert all(one.form in forms() for one in STORES)
    with pytest.raises(BadInput, match=f"^store 'mysql://host/x': expected {re.escape(forms())}$"):
        store_at("mysql://host/x")


def test_a_file_is_opened_written_and_read_without_the_driver_of_a_server(tmp_path: Path) -> None:
    script = f"""
import sys
from adapters.opening import migrate_store, must_exist, open_store
url = "sqlite:///{tmp_path}/cases.db"
migrate_store(url)
must_exist(url)
others = "psycopg", "eventsourcing.postgres", "adapters.stores.postgres", "adapters.stores.memory"
with open_store(url) as store:
    store.tables.districts()
    print([name for name in sys.modules if name.startswith(others)])
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_nothing_that_runs_imports_the_suites_for_whoever_writes_a_store() -> None:
    root = Path(known.__file__).parents[2]
    wanted = re.compile(r"^\s*(from|import) (adapters\.testing|pytest)\b", re.MULTILINE)
    files = [file for room in ("casecore", "projections", "adapters", "ops") for file in (root / room).rglob("*.py")]
    users = {file.parent.name for file in files if wanted.search(file.read_text("utf-8"))}
    assert users == {"testing"}


@pytest.fixture
def next_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of the README in a folder of its own, with its line in the list."""
    package = tmp_path / "next_stores" / "trial"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(PACKAGE, "utf-8")
    (tmp_path / "test_trial.py").write_text(CONTRACT, "utf-8")
    line = LINE.replace("adapters.stores.trial", "next_stores.trial").strip()
    listed = f"from adapters.stores.known import STORES, Known\n\nSTORES.append({line})\n"
    (tmp_path / "conftest.py").write_text(listed, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def held_to_the_contract(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, *options, folder]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_the_next_store_of_the_readme_is_its_folder_and_one_line_and_keeps_the_contract(next_store: Path) -> None:
    ran = held_to_the_contract(next_store)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert int(re.findall(r"(\d+) passed", ran.stdout)[0]) > 100


def test_a_store_that_forgets_its_receipts_does_not_keep_the_contract(next_store: Path) -> None:
    package = next_store / "next_stores" / "trial" / "__init__.py"
    forgetting = "from adapters.stores.memory.ledger import MemoryLedgerRecorder\n\n"
    forgetting += "MemoryLedgerRecorder.stored_receipts = lambda self, command_ids: []\n"
    package.write_text(PACKAGE + forgetting, "utf-8")
    ran = held_to_the_contract(next_store, "-k", "retry_gets")
    assert ran.returncode == 1
    assert "assert Refused(" in ran.stdout  # in place of the first receipt: what was compared is told
