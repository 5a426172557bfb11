"""The stores there are, one line each, and the one place where a URL's scheme is looked at."""

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

from adapters.stores.addresses import shown_address
from casecore.errors import BadInput, Flaw

if TYPE_CHECKING:
    from adapters.stores.store import StorePlace

__all__ = ["STORES", "Known", "forms", "store_at"]


class Known(NamedTuple):
    """A kind of store."""

    form: str
    """How its URLs look, for people."""
    schemes: tuple[str, ...]
    package: str
    """Exports it as ``STORE``; imported when a URL first asks for it, so that nobody loads the driver of another."""


STORES: Final = [
    Known("memory:", ("memory",), "adapters.stores.memory"),
    Known("sqlite:///file.db", ("sqlite",), "adapters.stores.sqlite"),
    Known("postgresql://…", ("postgresql", "postgres"), "adapters.stores.postgres"),
]
"""Whoever has a store of his own elsewhere appends its line before he opens it."""


def store_at(url: str) -> "StorePlace":
    """The store a URL names, not opened yet; raises :class:`~casecore.errors.BadInput` for a URL that names none."""
    scheme = url.partition(":")[0]
    for known in STORES:
        if scheme in known.schemes:
            kind: type[StorePlace] = import_module(known.package).STORE
            if (place := kind.read(url)) is not None:
                return place
    raise BadInput(Flaw.UNKNOWN_NAME, f"store {shown_address(url)!r}", f"expected {forms()}")


def forms() -> str:
    """How the URL of a store may look."""
    *most, last = (known.form for known in STORES)
    return f"{', '.join(most)} or {last}"
