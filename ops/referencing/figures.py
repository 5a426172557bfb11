"""Fact tables (数据表) and indicators (指标)."""

from collections.abc import Iterator
from typing import Any, Final

from ops.referencing.docstrings import fields_said, said_of
from ops.referencing.markdown import code, page, prose, table
from projections.dimensions import DateFact, ItemFact, ThemeFact
from projections.indicator import GROUPS, Indicator, Population
from projections.indicators import INDICATORS
from projections.projection import Projection, columns
from projections.registry import PROJECTIONS
from projections.resting import Rests

__all__ = ["indicators", "tables"]

_DIMENSIONS: Final = {"item_facts": ItemFact, "theme_facts": ThemeFact, "date_facts": DateFact}
_KINDS: Final = {"str": "text", "int": "whole number", "date": "date"}


def tables() -> str:
    """Every table there is to read."""
    return page(
        "# Tables (数据表)",
        f"{len(PROJECTIONS)} tables whose rows are made of streams, and {len(_DIMENSIONS)} dimensions beside them. In every"
        " store they hold text, whole numbers and dates; flags are 0 or 1. `log` is the district (行政区划代码),"
        " `stream_version` how many facts of its stream a row rests on. `casecore follow` keeps them up to date;"
        " `stale_cases` names the streams whose rows lag behind.",
        *_rows("## What every row rests on (所依账簿)", said_of(Rests), Rests),
        *(block for projection in PROJECTIONS for block in _projection(projection)),
        "## Dimensions (维度)",
        *(block for name, row in _DIMENSIONS.items() for block in _rows(f"### {name}", said_of(row), row)),
    )


def indicators() -> str:
    """Every indicator, and each as it is defined."""
    return page(
        "# Indicators (指标)",
        f"{len(INDICATORS)} indicators, in the order they are reported: `casecore report`, `adapters.report`. Numerator and"
        " denominator are always told with the figure.",
        table(("code", "指标", "English"), ((_link(one), one.zh, one.en) for one in INDICATORS)),
        *(block for one in INDICATORS for block in _indicator(one)),
    )


def _projection(projection: Projection) -> Iterator[str]:
    kind = projection.of
    whose = "Of every kind of stream" if kind is None else f"Of the {kind.en} ({kind.zh})"
    of = f"{whose}; version {projection.version}."
    yield from _rows(f"## {projection.name}", f"{said_of(projection.row)} {of}", projection.row)


def _rows(head: str, said: str, row: type[Any]) -> Iterator[str]:
    yield head
    yield prose(said)
    below = fields_said(row)
    yield table(
        ("column", "type", ""),
        (
            (code(name), f"{_KINDS[kind.__name__]}{' or null' if optional else ''}", prose(below.get(name, "")))
            for name, kind, optional in columns(row)
        ),
    )


def _indicator(one: Indicator) -> Iterator[str]:
    yield f"## {one.code}"
    yield f"{one.zh} · {one.en}"
    lines = [
        f"- Population: {prose(one.population.told)}",
        f"- Numerator: {prose(one.numerator.told)}",
        f"- Denominator: {prose(one.denominator.told) if one.denominator is not None else 'none, a count'}",
        f"- Read as: {'a percentage' if one.percent and one.denominator is not None else 'a number'}",
        f"- By: {', '.join(_groups(one.population))}",
        f"- From: {', '.join(code(name) for name in sorted(one.tables))}",
        f"- Source: {prose(one.source)}",
    ]
    if one.cohort:
        lines.append("- Follows a cohort by now: no month of it is ever closed.")
    yield "\n".join(lines)


def _groups(population: Population) -> list[str]:
    return [group for group in GROUPS if group in population.groups]


def _link(one: Indicator) -> str:
    return f"[{one.code}](#{one.code.lower()})"
