"""The embedded store, one file: ``sqlite:///file.db``, with four slashes for an absolute path."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, Self

from eventsourcing.utils import get_topic

from adapters.district_log import translated
from adapters.stores.migrating import Migration
from adapters.stores.sqlite.datastore import LedgerDatastore, damage, has_schema
from adapters.stores.sqlite.files import may_be_written
from adapters.stores.sqlite.ledger import SqliteFactory
from adapters.stores.sqlite.tables import SqliteTables
from adapters.stores.store import Pages, StorePlace
from casecore.errors import BadInput, Flaw, Unavailable
from projections.projection import Projection

__all__ = ["STORE"]


class SqlitePlace(StorePlace):
    """A file, wherever the process goes later."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._path = Path(url.partition(":")[2][3:]).absolute()
        if any(mark in str(self._path) for mark in (":memory:", "mode=memory")):
            raise BadInput(Flaw.UNKNOWN_NAME, f"store {url!r}", "a file is wanted; memory: is the store in memory")

    @classmethod
    def read(cls, url: str) -> Self | None:
        """Three slashes, and the path of a file."""
        rest = url.partition(":")[2]
        return cls(url) if rest.startswith("///") and rest[3:] else None

    @property
    def environment(self) -> Mapping[str, str]:
        """The factory and the file."""
        return {"PERSISTENCE_MODULE": get_topic(SqliteFactory), SqliteFactory.SQLITE_DBNAME: self._file()}

    def tables(self, projections: Sequence[Projection]) -> SqliteTables:
        """The fact tables in the same file."""
        return SqliteTables(self._file(), projections)

    def migrate(self) -> tuple[Migration, ...]:
        """Bring the schema up to date; a file that is not there is made."""
        with translated(), closing(LedgerDatastore(self._file())) as datastore:
            return datastore.migrate()

    def exists(self) -> bool:
        """Whether there is our schema; raises ``Unavailable`` where there is no such file."""
        file = self._file()
        if not self._path.is_file():
            raise Unavailable(f"store {self.url}: there is no such file")
        with translated():
            return has_schema(file)

    def begun(self) -> bool:
        """As for every store; a file that is not there holds nothing yet."""
        return self._path.is_file() and self.exists()

    def writable(self) -> bool:
        """Whether file and folder let this program write, or make the file."""
        return may_be_written(self._file())

    def pages(self) -> Pages:
        """Every page of the file, fact tables too, and every index against its table."""
        with translated():
            return Pages("SQLite's integrity_check", damage(self._file()))

    def _file(self) -> str:
        if not self._path.parent.is_dir():
            raise Unavailable(f"{self._path}: the folder does not exist")
        return str(self._path)


STORE: Final[type[StorePlace]] = SqlitePlace
