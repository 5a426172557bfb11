"""The five figures a hall is held to by time (时限合规), as the demonstration shows them."""

from datetime import date
from typing import Final

from rich.table import Table

from adapters.reporting import Period, report
from adapters.tables import Tables
from ops.printing.console import out
from ops.printing.figures import shown
from projections.compliance_indicators import COMPLIANCE_INDICATORS, SHOWN_CODES

__all__ = ["print_compliance"]

ENDED: Final = {code: code.replace("K6b-", "K6-") for code in SHOWN_CODES}
"""The same limits of those that ended."""


def print_compliance(tables: Tables, as_of: date) -> None:
    """The law, the package, the step, the five days of acceptance, the ten of delivery: those due, those that ended."""
    found = {one.code: one for one in report(tables, Period(None, None, as_of), indicators=COMPLIANCE_INDICATORS)}
    table = Table(
        title="Five time limits (时限合规): casecore report tells them by department or hall", title_justify="left"
    )
    for name in ("code", "指标", "indicator"):
        table.add_column(name, overflow="fold")
    for name in ("of those due (到期)", "of those that ended (已结)"):
        table.add_column(name, justify="right")
    for code in SHOWN_CODES:
        due, ended = found[code], found[ENDED[code]]
        cells = [f"{shown(one)}  ({one.numerator}/{one.denominator})" for one in (due, ended)]
        table.add_row(code, ended.name_zh, ended.name_en, *cells)
    out.print(table)
    out.print()
