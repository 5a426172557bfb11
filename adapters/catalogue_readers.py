"""How each table of the catalogue is read: one reader for each field of an item, a theme, a site, a seal, a drop box."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Final, NamedTuple

from adapters.toml_reading import (
    Reader,
    many,
    one_of,
    read_date,
    read_flag,
    read_id,
    read_table,
    read_text,
    read_whole,
)
from casecore.errors import BadInput, Flaw
from casecore.limits import Limit
from casecore.places import DropBox, Elsewhere, Seal, Site
from casecore.plan import PlanStep
from casecore.service_item import ServiceItem
from casecore.theme import Baseline, Condition, Question, Theme, ThemeItem
from casecore.vocabulary import ApplicantKind, Area, Channel, HandlingKind, ItemLabel, ItemType, Place, Tier, Unit

__all__ = ["INNER", "SHAPES", "Shape"]


class Shape(NamedTuple):
    """What a table is read into, and the reader of each of its keys."""

    value: type[Any]
    readers: Mapping[str, Reader[Any]]
    required: tuple[str, ...]


def _shape(value: type, readers: Mapping[str, Reader[Any]]) -> Shape:
    """The keys that have to be there are the fields without a default."""
    return Shape(value, readers, tuple(field.name for field in fields(value) if field.default is MISSING))


def _inner(value: type, readers: Mapping[str, Reader[Any]]) -> Reader[Any]:
    """Read a table that stands within another one."""
    shape = _shape(value, readers)
    INNER[value] = shape

    def read(table: object, place: str) -> object:
        parts = read_table(table, shape.readers, shape.required, place)
        try:
            return shape.value(**parts)
        except ValueError as flaw:
            raise BadInput(Flaw.CONTRADICTION, place, str(flaw)) from flaw

    return read


def _version(value: object, place: str) -> int:
    version = read_whole(value, place)
    if version < 1:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, f"versions count from 1, not {version}")
    return version


def _count(value: object, place: str) -> int:
    count = read_whole(value, place)
    if count < 0:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, f"a number of things cannot be negative: {count}")
    return count


INNER: Final[dict[type, Shape]] = {}
"""The shapes of tables that stand within others, by what they are read into."""

_limit: Final = _inner(Limit, {"amount": read_whole, "unit": one_of(Unit), "due_on": read_date})

_plan_step: Final = _inner(
    PlanStep,
    {
        "step": read_id,
        "department": read_text,
        "after": many(read_id),
        "limit": _limit,
        "preliminary": read_flag,
    },
)

_figures: Final = _inner(Baseline, {"source": read_text, "limit": _limit, "visits": _count, "materials": _count})


def _baseline(value: object, place: str) -> object:
    baseline = _figures(value, place)
    if baseline.limit is baseline.visits is baseline.materials is None:
        raise BadInput(Flaw.MISSING_FIELD, place, "says neither a limit nor visits nor materials")
    return baseline


_question: Final = _inner(Question, {"question": read_id, "ask_zh": read_text, "answers": many(read_id)})

_condition: Final = _inner(Condition, {"question": read_id, "answers": many(read_id)})

_theme_item: Final = _inner(
    ThemeItem,
    {
        "item": read_id,
        "when": many(_condition),
        "after": many(read_id),
        "conditional_on": many(read_id),
    },
)

_elsewhere: Final = _inner(Elsewhere, {"item": read_id, "where": read_text})

SHAPES: Final[Mapping[str, Shape]] = {
    "item": _shape(
        ServiceItem,
        {
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
            "licence_materials": many(read_text),
            "labels": many(one_of(ItemLabel)),
            "handle_area": one_of(Area),
            "before": _baseline,
            "implementation_code": read_id,
            "retrieved_on": read_date,
        },
    ),
    "theme": _shape(
        Theme,
        {
            "code": read_id,
            "version": _version,
            "name_zh": read_text,
            "name_en": read_text,
            "source": read_text,
            "valid_from": read_date,
            "valid_until": read_date,
            "serves": many(one_of(ApplicantKind)),
            "channels": many(one_of(Channel)),
            "items": many(_theme_item),
            "questions": many(_question),
            "form": many(read_text),
            "materials": many(read_text),
            "promised": _limit,
            "visits": read_whole,
            "before": _baseline,
            "retrieved_on": read_date,
        },
    ),
    "site": _shape(
        Site,
        {
            "code": read_id,
            "name_zh": read_text,
            "source": read_text,
            "place": one_of(Place),
            "tier": one_of(Tier),
            "items": many(read_id),
            "elsewhere": many(_elsewhere),
            "away": one_of(Area),
            "valid_from": read_date,
            "valid_until": read_date,
            "retrieved_on": read_date,
        },
    ),
    "seal": _shape(
        Seal,
        {
            "code": read_id,
            "name_zh": read_text,
            "source": read_text,
            "department": read_text,
            "electronic": read_flag,
            "valid_from": read_date,
            "valid_until": read_date,
            "retrieved_on": read_date,
        },
    ),
    "box": _shape(
        DropBox,
        {
            "code": read_id,
            "name_zh": read_text,
            "source": read_text,
            "hall": read_id,
            "collections_a_day": read_whole,
            "valid_from": read_date,
            "valid_until": read_date,
            "retrieved_on": read_date,
        },
    ),
}
"""What a catalogue file may hold, by the word in its double brackets."""
