"""The catalogue as data: files ``catalogue/*.toml`` of ``[[item]]``, ``[[theme]]``, ``[[site]]``, ``[[seal]]``, ``[[box]]``.

Their keys are the fields of ServiceItem, Theme, Site, Seal and DropBox. Read strictly: an unknown key, a wrong type or a
promise longer than the law stops the loading with one line, ``FILE: item CODE: KEY: sentence``.
:func:`catalogue_problems` lists every such line for whoever mends a catalogue.
"""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from adapters.catalogue_checks import Read, clashes, code_of, disagreements, flaws
from adapters.catalogue_readers import SHAPES
from adapters.toml_reading import Reader, many, one_line, parse_toml, read_table, table_flaws, toml_files
from casecore.errors import BadInput, Fault, Flaw
from casecore.service_item import Catalogue

__all__ = ["catalogue_problems", "load_catalogue"]


class _Shipped(Catalogue):
    """The catalogue of the package, read when it is first asked for anything: many a command never asks."""

    __slots__ = ()

    def __init__(self) -> None:
        pass

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a catalogue holds
        if name not in Catalogue.__slots__:
            raise AttributeError(name)
        read = load_catalogue(files("adapters") / "catalogue")
        for part in Catalogue.__slots__:
            setattr(self, part, getattr(read, part))
        return getattr(read, name)


def load_catalogue(directory: Path | Traversable | None = None) -> Catalogue:
    """Load the catalogue of a directory, or the one shipped in the package, which is read on first use.

    Raises :class:`~casecore.errors.Fault` naming file, table and key of the first problem; its cause is the
    :class:`~casecore.errors.BadInput` with the code of the flaw.
    """
    if directory is None:
        return _Shipped()
    read = Read()
    for problem in _read_into(read, directory):
        raise Fault(one_line(str(problem))) from problem
    return Catalogue(
        read.values("item"),
        themes=read.values("theme"),
        sites=read.values("site"),
        seals=read.values("seal"),
        boxes=read.values("box"),
    )


def catalogue_problems(directory: Path | Traversable | None = None) -> list[str]:
    """List everything that keeps a catalogue from being loaded, one line each; nothing for a sound one."""
    return [one_line(str(problem)) for problem in _read_into(Read(), _directory(directory))]


def _directory(directory: Path | Traversable | None) -> Path | Traversable:
    return files("adapters") / "catalogue" if directory is None else directory


def _read_into(read: Read, directory: Path | Traversable) -> Iterator[BadInput]:
    """Collect what a directory holds and yield its problems: file by file, then where the files disagree."""
    complete = True
    try:
        sources = toml_files(directory)
    except OSError as flaw:
        yield BadInput(Flaw.UNREADABLE, str(directory), f"the directory cannot be read: {flaw.strerror or flaw}")
        return
    for source in sources:
        try:
            found = read_table(parse_toml(source), {kind: many(_any_table(kind)) for kind in SHAPES}, ())
        except BadInput as flaw:
            complete = False
            yield BadInput(flaw.code, source.name, str(flaw))
            continue
        for kind, tables in found.items():
            for number, table in enumerate(tables, start=1):
                place = f"{source.name}: {kind} {_label(table, number)}"
                yield from _read_one(kind, table, place, read)
    if complete and not read.named["item"]:
        yield BadInput(Flaw.UNREADABLE, str(directory), "no item in any *.toml file of this directory")
    if complete:
        # What stands in a file nobody could read is not missing.
        for place, key, sentence in disagreements(read):
            yield BadInput(Flaw.UNKNOWN_NAME, place, f"{key}: {sentence}")


def _read_one(kind: str, table: dict[str, object], place: str, read: Read) -> Iterator[BadInput]:
    """Take in one table if it can be read; yield all that is wrong with it by itself."""
    shape, parts = SHAPES[kind], dict[str, Any]()
    read.named[kind].add(_label(table, len(read.named[kind]) + 1))
    unreadable = list(table_flaws(table, shape.readers, shape.required, parts))
    yield from (BadInput(flaw.code, place, str(flaw)) for flaw in unreadable)
    if not unreadable:
        value = shape.value(**parts)
        for key, sentence in (*flaws(value), *clashes(value, read.values(kind))):
            code = code_of(value, key)
            yield BadInput(code, place, f"{key}: {sentence}")
        read.take(kind, place, value)


def _label(table: dict[str, object], number: int) -> str:
    code = table.get("code")
    return code if isinstance(code, str) and code else f"number {number}"


def _any_table(kind: str) -> Reader[dict[str, object]]:
    def read(value: object, place: str) -> dict[str, object]:
        if not isinstance(value, dict):
            raise BadInput(Flaw.WRONG_TYPE, place, f"must be a table: [[{kind}]]")
        return value

    return read
