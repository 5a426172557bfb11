"""The contract of a store, as a class of tests to inherit: positions, versions, reads, receipts, transactions, threads.

A store's author gives it the URL of a store nobody has written to, and pytest does the rest::

    class TestRocks(StoreContract):
        @pytest.fixture
        def store_url(self, tmp_path: Path) -> str:
            return f"rocks://{tmp_path}"

It asks through :func:`adapters.stores.known.store_at`, so the store is to be listed there. ``memory:`` is what every store
is held against: the same commands leave the same bytes, digests, receipts and head on each.
"""

from adapters.testing.appending import Appending
from adapters.testing.districts import Districts
from adapters.testing.imports import Imports
from adapters.testing.opening import Opening
from adapters.testing.races import Races
from adapters.testing.reading import Reading
from adapters.testing.reads import Reads
from adapters.testing.receipts import Receipts
from adapters.testing.refusing import Refusing
from adapters.testing.threads import Threads

__all__ = ["StoreContract"]


class StoreContract(Opening, Appending, Reads, Reading, Receipts, Refusing, Imports, Districts, Threads, Races):
    """All that is asked of a store, each time of a new one; inherit it under a name that begins with ``Test``."""
