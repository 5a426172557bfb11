"""The catalogue as data: ``catalogue/*.toml``, files of ``[[item]]`` tables whose keys are ServiceItem's fields.

Read strictly: an unknown key, a wrong type or a promise longer than the law stops the loading with one line,
``FILE: item CODE: KEY: sentence``. :func:`catalogue_problems` lists every such line for whoever mends a catalogue.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from adapters.toml_reading import (
    Reader,
    many,
    one_line,
    one_of,
    parse_toml,
    read_date,
    read_flag,
    read_id,
    read_table,
    read_text,
    read_whole,
    table_flaws,
    toml_files,
)
from casecore.errors import BadInput, Fault, Flaw
from casecore.limits import Limit
from casecore.plan import PlanStep
from casecore.service_item import Catalogue, ServiceItem, unsound
from casecore.vocabulary import ApplicantKind, Channel, HandlingKind, ItemType, Tier, Unit

__all__ = ["catalogue_problems", "load_catalogue"]


def load_catalogue(directory: Path | Traversable | None = None) -> Catalogue:
    """Load the catalogue of a directory, or the one shipped in the package.

    Raises :class:`~casecore.errors.Fault` naming file, item and key of the first problem.
    """
    items: list[ServiceItem] = []
    for problem in _read_into(items, _directory(directory)):
        raise Fault(problem)
    return Catalogue(items)


def catalogue_problems(directory: Path | Traversable | None = None) -> list[str]:
    """List everything that keeps a catalogue from being loaded, one line each; nothing for a sound one."""
    return list(_read_into([], _directory(directory)))


def _directory(directory: Path | Traversable | None) -> Path | Traversable:
    return files("adapters") / "catalogue" if directory is None else directory


def _read_into(items: list[ServiceItem], directory: Path | Traversable) -> Iterator[str]:
    """Collect the sound items of a directory and yield its problems, file by file."""
    tables = 0
    try:
        sources = toml_files(directory)
    except OSError as flaw:
        yield one_line(f"{directory}: the directory cannot be read: {flaw.strerror or flaw}")
        return
    for source in sources:
        try:
            found = read_table(parse_toml(source), {"item": many(_any_table)}, ())
        except BadInput as flaw:
            tables += 1  # whatever the file holds, it is not nothing
            yield one_line(f"{source.name}: {flaw}")
            continue
        for number, table in enumerate(found.get("item", ()), start=1):
            tables += 1
            for flaw_at in _read_item(table, items):
                yield one_line(f"{source.name}: item {_label(table, number)}: {flaw_at}")
    if not tables:
        yield one_line(f"{directory}: no item in any *.toml file of this directory")


def _read_item(table: dict[str, object], items: list[ServiceItem]) -> Iterator[str]:
    """Append one item if it is sound and fits to those before it; yield ``KEY: sentence`` for all that is wrong."""
    parts: dict[str, Any] = {}
    flaws = [str(flaw) for flaw in table_flaws(table, _ITEM, _REQUIRED, parts)]
    if not flaws:
        item = ServiceItem(**parts)
        flaws = [f"{key}: {sentence}" for key, sentence in (*unsound(item), *_clashes(item, items))]
        items.append(item)
    yield from flaws


def _clashes(item: ServiceItem, earlier: list[ServiceItem]) -> Iterator[tuple[str, str]]:
    """Where an item and the versions of it read before contradict each other."""
    for other in earlier:
        if other.code != item.code:
            continue
        if other.version == item.version:
            yield "version", f"version {item.version} is in the catalogue twice"
            continue
        begin = max(other.valid_from, item.valid_from)
        if begin <= min(other.valid_until or date.max, item.valid_until or date.max):
            yield "valid_from", f"versions {other.version} and {item.version} are both in force on {begin}"


def _label(table: dict[str, object], number: int) -> str:
    code = table.get("code")
    return code if isinstance(code, str) and code else f"number {number}"


def _any_table(value: object, place: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BadInput(Flaw.WRONG_TYPE, place, "must be an [[item]] table")
    return value


# --- Readers: one for each key of an item ---


def _version(value: object, place: str) -> int:
    version = read_whole(value, place)
    if version < 1:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, f"versions count from 1, not {version}")
    return version


def _limit(value: object, place: str) -> Limit:
    parts = read_table(value, _LIMIT, ("amount", "unit"), place)
    try:
        return Limit(**parts)
    except ValueError as flaw:
        raise BadInput(Flaw.CONTRADICTION, place, str(flaw)) from flaw


def _plan_step(value: object, place: str) -> PlanStep:
    return PlanStep(**read_table(value, _PLAN_STEP, ("step", "department"), place))


_LIMIT: Final[Mapping[str, Reader[Any]]] = {"amount": read_whole, "unit": one_of(Unit), "due_on": read_date}

_PLAN_STEP: Final[Mapping[str, Reader[Any]]] = {
    "step": read_id,
    "department": read_text,
    "after": many(read_id),
    "limit": _limit,
    "preliminary": read_flag,
}

_ITEM: Final[Mapping[str, Reader[Any]]] = {
    "code": read_id,
    "version": _version,
    "name_zh": read_text,
    "name_en": read_text,
    "source": read_text,
    "item_type": one_of(ItemType),
    "tier": one_of(Tier),
    "department": read_text,
    "valid_from": read_date,
    "valid_until": read_date,
    "handling": one_of(HandlingKind),
    "promised": _limit,
    "statutory": _limit,
    "serves": many(one_of(ApplicantKind)),
    "themes": many(one_of(ApplicantKind)),
    "channels": many(one_of(Channel)),
    "online_depth": many(read_whole),
    "visits": read_whole,
    "visit_reason": read_text,
    "plan": many(_plan_step),
    "stages": many(read_text),
    "materials": many(read_text),
    "applied_for": read_flag,
    "fee": read_flag,
    "online_payment": read_flag,
    "window_months": read_whole,
    "joint": read_flag,
}
_REQUIRED: Final = tuple(field.name for field in fields(ServiceItem) if field.default is MISSING)
