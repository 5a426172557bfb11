"""Printing what items and themes declare beside what their cases and packages needed (申报与实际到场次数)."""

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table

from adapters.declared import DeclaredItem, DeclaredTheme
from ops.printing.console import out

__all__ = ["declared_table", "plain_declared", "print_declared"]

NAMED: Final = 5
"""So many of the cases against a declaration are named for people; JSON names all."""


def plain_declared(found: DeclaredItem | DeclaredTheme) -> dict[str, Any]:
    """One of either as JSON values."""
    return {
        **found._asdict(),
        "mean_net": dict(zip(("numerator", "denominator"), found.mean_net, strict=True)),
        "mean_gross": dict(zip(("numerator", "denominator"), found.mean_gross, strict=True)),
        "contradiction": None if found.contradiction is None else found.contradiction.value,
    }


def print_declared(themes: Sequence[DeclaredTheme], items: Sequence[DeclaredItem]) -> None:
    """Everything, and for each contradiction the cases it rests on."""
    out.print(declared_table(themes, items, "Declared against actual (申报与实际到场次数)"))
    found: list[DeclaredItem | DeclaredTheme] = [*themes, *items]
    if not any(one.contradiction for one in found):
        out.print("no contradiction (无矛盾)")
    for one in found:
        if one.contradiction is None:
            continue
        named = ", ".join(one.against[:NAMED]) + (f", … {len(one.against)} in all" if len(one.against) > NAMED else "")
        code = f"{one.contradiction.value} {one.contradiction.zh}"
        out.print(f"{_name(one)} {code}: {named}")


def declared_table(themes: Sequence[DeclaredTheme], items: Sequence[DeclaredItem], title: str) -> Table:
    """One line a theme, then one an item, each version of its own."""
    table = Table(title=title, title_justify="left")
    table.add_column("item or theme", overflow="fold")
    for name in ("declared", "cases", "mean net", "mean gross", "more", "fewer"):
        table.add_column(name, justify="right")
    table.add_column("contradiction")
    for theme in themes:
        table.add_row(_name(theme), *_cells(theme, theme.packages))
    for item in items:
        table.add_row(_name(item), *_cells(item, item.cases))
    return table


def _name(found: DeclaredItem | DeclaredTheme) -> str:
    if isinstance(found, DeclaredTheme):
        return f"一件事 {found.theme} v{found.theme_version}"
    return f"{found.name_zh or found.item} v{found.item_version}"


def _cells(found: DeclaredItem | DeclaredTheme, cases: int) -> tuple[str, ...]:
    net, gross = found.mean_net[0] / cases, found.mean_gross[0] / cases
    numbers = (str(found.declared_visits), str(cases), f"{net:.2f}", f"{gross:.2f}")
    code = f"{found.contradiction.value} {found.contradiction.zh}" if found.contradiction is not None else ""
    return (*numbers, str(len(found.more)), str(len(found.fewer)), code)
