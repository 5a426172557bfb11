"""What every store exports: one class, whose instances are the places its URLs name."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple, Self

from adapters.district_log import DistrictLog
from adapters.stores.addresses import shown_address
from adapters.stores.migrating import Migration
from adapters.tables import Tables
from casecore.errors import BadInput, Flaw
from projections.projection import Projection

__all__ = ["Pages", "StorePlace"]


class Pages(NamedTuple):
    """What a database says of its own pages (数据页): tables, and the indexes that lead into them."""

    looked_by: str
    """What has looked at them, and at what it has not."""
    damage: str | None
    """The first thing that is not whole."""


class StorePlace(ABC):
    """Where a store is: all that is asked of it by whoever has its URL. Nothing is opened until something is asked.

    Its methods raise :class:`~casecore.errors.Unavailable` where the store cannot be reached, and
    :class:`~casecore.errors.Fault` where it is not what it should be.
    """

    kept: ClassVar[bool] = True
    """Whether what is written is there when the URL is opened again."""

    def __init__(self, url: str) -> None:
        self.url = url

    @classmethod
    def read(cls, url: str) -> Self | None:
        """The place a URL of one of our schemes names; None where it does not look as ours do."""
        return cls(url)

    @property
    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """What the ``eventsourcing`` library opens a log here with; only the district is missing."""

    def log(self, district: str) -> DistrictLog:
        """The log of a district; brings the schema up to date first."""
        return DistrictLog(district, self.environment)

    @abstractmethod
    def tables(self, projections: Sequence[Projection]) -> Tables:
        """The fact tables, for rows of these projections; brings the schema up to date first."""

    @abstractmethod
    def migrate(self) -> tuple[Migration, ...]:
        """Bring the schema up to date; returns the migrations applied. Raises ``BadInput`` where there is none to have."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether casecore has its tables here, of whatever age; asks, and makes nothing.

        Raises ``BadInput`` where nothing can be kept from one opening to the next.
        """

    def begun(self) -> bool:
        """Whether something may be kept here already; asks as :meth:`exists` does, and takes no for an answer."""
        return self.exists()

    def writable(self) -> bool:
        """Whether anything can be written here now; no is a standby's answer, or that of a medium that is only read."""
        return True

    def pages(self) -> Pages:
        """Have the database look at its own pages, where it can: a walk by an index does not see what it does not meet."""
        return Pages("nothing: no way to is known", None)

    def apply_roles(self, prefix: str) -> tuple[str, ...]:  # noqa: ARG002 - for who has roles
        """Make the roles of least privilege, all or none; returns their names. Raises ``BadInput`` of who has no roles."""
        raise BadInput(Flaw.OTHER_KIND, f"store {shown_address(self.url)}", "roles are PostgreSQL's")
