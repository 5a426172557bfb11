"""The store in memory (``memory:``): for tests, notebooks and trying things out; gone with the process."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, NoReturn, Self
from uuid import uuid4

from eventsourcing.utils import get_topic

from adapters.stores.memory.ledger import MemoryFactory
from adapters.stores.sqlite.tables import SqliteTables
from adapters.stores.store import StorePlace
from casecore.errors import BadInput, Flaw
from projections.projection import Projection

__all__ = ["STORE"]


class MemoryPlace(StorePlace):
    """A store of nobody else: each log that is opened is a new one."""

    kept: ClassVar[bool] = False

    @classmethod
    def read(cls, url: str) -> Self | None:
        """There is nothing more to say than the scheme."""
        return None if url.partition(":")[2] else cls(url)

    @property
    def environment(self) -> Mapping[str, str]:
        """The factory; it needs nothing else."""
        return {"PERSISTENCE_MODULE": get_topic(MemoryFactory)}

    def tables(self, projections: Sequence[Projection]) -> SqliteTables:
        """Fact tables in a SQLite database in memory, of their own."""
        return SqliteTables(f"file:{uuid4().hex}?mode=memory&cache=shared", projections)

    def migrate(self) -> NoReturn:
        """Raise: a log in memory is a list."""
        raise BadInput(Flaw.OTHER_KIND, f"store {self.url}", "it has no schema")

    def begun(self) -> bool:
        """Never: nobody has written to it."""
        return False

    def exists(self) -> NoReturn:
        """Raise: whoever asks for what was kept has the wrong store."""
        raise BadInput(Flaw.OTHER_KIND, "store memory", "it holds nothing between two commands")


STORE: Final[type[StorePlace]] = MemoryPlace
