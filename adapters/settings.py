"""``casecore.toml``: which store, which district and whose books a program works with, read strictly from one file.

::

    store = "sqlite:///cases.db"      # or postgresql://…
    district = "510114"               # the one meant where none is said

    [districts.510114]
    books = "books/510114"            # the folder its books are adopted from, beside this file

It replaces a row of options and holds nothing figures rest on: those come from the books in the log.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.stores.addresses import without_passwords
from adapters.stores.known import store_at
from adapters.toml_reading import Reader, one_line, parse_toml, read_table, read_text, shown
from casecore.door import check_district
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["FILE_NAME", "NO_SETTINGS", "Settings", "load_settings", "settings_of"]

FILE_NAME: Final = "casecore.toml"


class Settings(NamedTuple):
    """What a file says; what it does not say is None."""

    source: Path | None = None
    store: str | None = None
    district: str | None = None
    """The district meant where none is said: the one the file names, or the only one it has books of."""
    books: Mapping[str, Path] = {}
    """The folder of each district's books, as a path from where the program runs."""


NO_SETTINGS: Final = Settings()


def settings_of(named: Path | None = None, folder: Path | None = None) -> Settings:
    """Load the file that is named; without one, ``casecore.toml`` of the folder (by default the working directory) if any.

    Raises :class:`~casecore.errors.Fault` naming the file and its first unsound key.
    """
    if named is not None:
        return load_settings(named)
    found = (folder or Path()) / FILE_NAME
    return load_settings(found) if found.is_file() else NO_SETTINGS


def load_settings(source: Path) -> Settings:
    """Load one file, whatever its name; raises :class:`~casecore.errors.Fault` naming the file and its first unsound key."""
    try:
        parts = read_table(parse_toml(source), _SETTINGS, ())
        books = {code: _found(source.parent / folder, code) for code, folder in parts.get("districts", {}).items()}
    except BadInput as flaw:
        raise Fault(without_passwords(one_line(f"{source}: {flaw}"))) from flaw
    only = next(iter(books)) if len(books) == 1 else None
    return Settings(source, parts.get("store"), parts.get("district", only), books)


def _store(value: object, place: str) -> str:
    url = read_text(value, place)
    try:
        store_at(url)
    except BadInput as flaw:
        raise BadInput(flaw.code, place, flaw.sentence) from flaw
    return url


def _district(value: object, place: str) -> str:
    code = read_text(value, place)
    check_district(code, place)
    return code


def _found(folder: Path, code: str) -> Path:
    if not folder.is_dir():
        raise BadInput(Flaw.UNREADABLE, f"districts.{code}.books", f"{folder} is no folder")
    return folder


def _folder(value: object, place: str) -> Path:
    return Path(read_text(value, place))


def _districts(value: object, place: str) -> Mapping[str, Path]:
    """The folder of each district, by its code."""
    if not isinstance(value, dict):
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be a table, not {shown(value)}")
    for code in value:
        check_district(code, f"{place}.{code}")
    return {code: read_table(said, _OF_DISTRICT, ("books",), f"{place}.{code}")["books"] for code, said in value.items()}


_OF_DISTRICT: Final[Mapping[str, Reader[Any]]] = {"books": _folder}
_SETTINGS: Final[Mapping[str, Reader[Any]]] = {"store": _store, "district": _district, "districts": _districts}
