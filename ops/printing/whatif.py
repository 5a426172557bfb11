"""Printing what if: the figures side by side, and the cases whose verdict changes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

from adapters.supposing import WhatIf
from adapters.walking import Unread
from casecore.vocabulary import Verdict
from ops.printing.console import out
from ops.printing.figures import shown

__all__ = ["plain_whatif", "print_unread", "print_whatif"]

SHOWN_CASES: Final = 20
_VERDICTS: Final[Mapping[str, str]] = {
    Verdict.ON_TIME: "on time 按时",
    Verdict.OVERDUE: "overdue 超期",
    Verdict.RUNNING: "running 在办",
}


def plain_whatif(answer: WhatIf) -> dict[str, Any]:
    """As JSON values, every changed case among them."""
    return {
        "cases": answer.cases,
        "concerned": answer.concerned,
        "indicators": [
            {
                "code": recorded.code,
                "name_zh": recorded.name_zh,
                "name_en": recorded.name_en,
                "recorded": {name: getattr(recorded, name) for name in ("numerator", "denominator", "value")},
                "what_if": {name: getattr(supposed, name) for name in ("numerator", "denominator", "value")},
            }
            for recorded, supposed in answer.figures
        ],
        "changed": [one._asdict() for one in answer.changed],
        "unread": [one._asdict() for one in answer.unread],
    }


def print_whatif(answer: WhatIf) -> None:
    """The answer for people: the first changed cases only, and how many there are."""
    out.print(f"{answer.cases} cases replayed, {answer.concerned} of them under what is supposed")
    table = Table(title="As recorded | what if (实际 | 假设)", title_justify="left")
    for name in ("code", "指标", "indicator"):
        table.add_column(name, overflow="fold")
    for name in ("as recorded", "", "what if", ""):
        table.add_column(name, justify="right")
    for recorded, supposed in answer.figures:
        sides = [
            text for side in (recorded, supposed) for text in (f"{side.numerator:,} / {side.denominator:,}", shown(side))
        ]
        table.add_row(recorded.code, recorded.name_zh, recorded.name_en, *sides)
    out.print(table)
    _print_changed(answer)
    print_unread(answer.unread)


def _print_changed(answer: WhatIf) -> None:
    out.print(f"{len(answer.changed)} cases whose verdict changes (结论改变的办件)")
    if not answer.changed:
        return
    table = Table()
    for name in ("case 办件", "closed 办结", "due 到期", "what if 假设", "verdict 结论", "what if 假设"):
        table.add_column(name, overflow="fold")
    for one in answer.changed[:SHOWN_CASES]:
        days = (
            (one.closed_on, False),
            (one.due_recorded, one.provisional_recorded),
            (one.due_what_if, one.provisional_what_if),
        )
        verdicts = (one.verdict_recorded, one.verdict_what_if)
        table.add_row(
            one.case,
            *("—" if day is None else f"{day}{' 暂定' if provisional else ''}" for day, provisional in days),
            *("cannot be counted 无法计算" if verdict is None else _VERDICTS[verdict] for verdict in verdicts),
        )
    out.print(table)
    if len(answer.changed) > SHOWN_CASES:
        out.print(f"… and {len(answer.changed) - SHOWN_CASES} more; --json lists all")


def print_unread(unread: Sequence[Unread]) -> None:
    """Which cases are left out, and why."""
    if unread:
        out.print(f"{len(unread)} cases left out, whose history cannot be read:")
    for one in unread[:SHOWN_CASES]:
        out.print(
            f"  log {one.log} position {one.position}: case {one.case}: {one.why}",
        )  # fmt: skip
    if len(unread) > SHOWN_CASES:
        out.print(f"  … and {len(unread) - SHOWN_CASES} more; --json lists all")
