"""The contract of a store holds for memory, SQLite and PostgreSQL alike; and what cannot be opened on each."""

from pathlib import Path
from typing import Final

import pytest
from support.postgres_server import DatabaseServer
from support.story import CATALOGUE

from adapters.stores.postgres import bounded_connection
from adapters.testing.opened import open_desk
from adapters.testing.store_contract import StoreContract
from casecore import BadInput, Fault, Unavailable

DISTRICT: Final = "510107"


class TestEveryStore(StoreContract):
    """On each kind of store in turn."""


# --- what cannot be opened ---


@pytest.mark.parametrize("url", ["", "memory:x", "sqlite:cases.db", "sqlite://", "mysql://host/x", "cases.db"])
def test_a_store_of_an_unknown_kind_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput):
        open_desk(url, district=DISTRICT, catalogue=CATALOGUE)


def test_a_file_in_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="none"):
        open_desk(f"sqlite:///{tmp_path}/none/cases.db", district=DISTRICT, catalogue=CATALOGUE)


def test_a_file_that_is_no_database_is_a_fault_and_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    file.write_text("办件 " * 1000, "utf-8")
    with pytest.raises(Fault):
        open_desk(f"sqlite:///{file}", district=DISTRICT, catalogue=CATALOGUE)
    assert file.read_text("utf-8") == "办件 " * 1000


def test_a_folder_in_the_place_of_a_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        open_desk(f"sqlite:///{tmp_path}", district=DISTRICT, catalogue=CATALOGUE)


def test_a_database_that_is_not_there_is_unavailable_and_named(
    postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_connection, "CONNECT_SECONDS", 1)
    with pytest.raises(Unavailable, match="casecore_test_nowhere"):
        open_desk(postgres_server.url("casecore_test_nowhere"), district=DISTRICT, catalogue=CATALOGUE)
