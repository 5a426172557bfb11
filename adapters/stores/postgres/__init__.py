"""The store on a server (``postgresql://…``, with all that libpq knows in a URL), through psycopg 3."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final

from eventsourcing.utils import get_topic

from adapters.district_log import translated
from adapters.stores.migrating import Migration
from adapters.stores.postgres.bounded_connection import parts_of
from adapters.stores.postgres.connections import libpq_url
from adapters.stores.postgres.datastore import UrlDatastore
from adapters.stores.postgres.ledger import PostgresLedgerFactory
from adapters.stores.postgres.pages import pages
from adapters.stores.postgres.roles import apply_roles
from adapters.stores.postgres.schema import has_schema, is_writable
from adapters.stores.postgres.tables import PostgresTables
from adapters.stores.store import Pages, StorePlace
from projections.projection import Projection

__all__ = ["STORE"]


class PostgresPlace(StorePlace):
    """A database, wherever its URL says it is; ``connections=N`` in it is ours to read."""

    def __init__(self, url: str) -> None:
        """Raises ``BadInput`` where libpq cannot read the URL, or N is none."""
        super().__init__(url)
        parts_of(libpq_url(url))

    @property
    def environment(self) -> Mapping[str, str]:
        """The factory and the URL."""
        return {"PERSISTENCE_MODULE": get_topic(PostgresLedgerFactory), PostgresLedgerFactory.POSTGRES_URL: self.url}

    def tables(self, projections: Sequence[Projection]) -> PostgresTables:
        """The fact tables in the same database."""
        return PostgresTables(self.url, projections)

    def migrate(self) -> tuple[Migration, ...]:
        """Bring the schema up to date while others write."""
        with translated(), closing(UrlDatastore(self.url)) as datastore:
            return datastore.migrate()

    def exists(self) -> bool:
        """Whether there is our schema."""
        with translated():
            return has_schema(self.url)

    def writable(self) -> bool:
        """Whether it is a primary, and lets us write."""
        with translated():
            return is_writable(self.url)

    def pages(self) -> Pages:
        """What the server's checksums and ``amcheck`` say of the ledger's tables and indexes."""
        with translated():
            return pages(self.url)

    def apply_roles(self, prefix: str) -> tuple[str, ...]:
        """Make the roles owner, writer, auditor and reporter."""
        return apply_roles(self.url, prefix)


STORE: Final[type[StorePlace]] = PostgresPlace
