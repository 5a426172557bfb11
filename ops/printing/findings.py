"""Printing findings (疑点): counts by code, then each with the fact it turns on."""

from collections.abc import Sequence
from typing import Final

from rich.table import Table

from adapters.auditing import Audit
from casecore.auditing.finding import Finding
from ops.printing.console import err, out

__all__ = ["print_audit", "print_findings"]

SHOWN: Final = 50


def print_audit(audit: Audit) -> None:
    """What an audit found: all counts, the first findings, and on stderr what could not be examined."""
    if audit.findings:
        table = Table(title="Findings (疑点)", title_justify="left")
        for name in ("code", "疑点"):
            table.add_column(name)
        table.add_column("count", justify="right")
        for code, count in audit.counts.items():
            table.add_row(code.value, code.zh, str(count))
        out.print(table)
    out.print(f"{len(audit.findings)} findings in {audit.streams} histories")
    print_findings(audit.findings[:SHOWN], with_case=True)
    if len(audit.findings) > SHOWN:
        out.print(f"  … and {len(audit.findings) - SHOWN} more; --json lists all")
    for why in audit.unreadable:
        err.print(f"not examined: {why}")


def print_findings(findings: Sequence[Finding], *, with_case: bool = False) -> None:
    """One line each; ``with_case`` where they are not all of one case."""
    for one in findings:
        place = f"log {one.log} position {one.position}: {one.case}: " if with_case else f"v{one.version} "
        out.print(
            f"  {place}{one.at:%Y-%m-%d %H:%M} {one.code.zh} {one.code.value}: {one.sentence} — {one.by}",
        )
