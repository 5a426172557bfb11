"""Printing reminders (催办提醒), grouped by department."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from rich.table import Table

from adapters.reminding import EMPTYING, Reminder
from casecore.kinds import KINDS
from casecore.vocabulary import ClockKind
from ops.printing import console

__all__ = ["print_reminders"]

_ZH: Final = {kind.value: kind.zh for kind in ClockKind} | {EMPTYING: "取件"}
_OF: Final = {kind.name: kind.zh for kind in KINDS}


def print_reminders(found: Sequence[Reminder]) -> None:
    """One table for each department, and how many there are in all."""
    for department, group in groupby(found, key=lambda one: one.department):
        named = "no department recorded (未登记部门)" if department is None else department
        table = Table(title=named, title_justify="left")
        for name in ("district (区划)", "case, package or box", "clock (时限)", "due (到期)"):
            table.add_column(name, overflow="fold")
        table.add_column("working days left (剩余工作日)", justify="right")
        table.add_column("", overflow="fold")
        for one in group:
            clock = f"{_ZH[one.kind]} {one.clock}"
            due = f"{one.due_on} {one.due_time}" if one.due_time else str(one.due_on)
            table.add_row(one.district, f"{_OF[one.of]} {one.case}", clock, due, str(one.days_left), _remark(one))
        console.out.print(table)
    late = sum(one.overdue for one in found)
    console.out.print(f"{len(found) - late} due soon (临近到期), {late} overdue (超期)")


def _remark(one: Reminder) -> str:
    said = ["overdue (超期)"] * one.overdue + ["provisional (暂定)"] * one.provisional
    return ", ".join(said)
