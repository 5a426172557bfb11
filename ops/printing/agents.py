"""Printing an agent's list of mandates (代办记录本)."""

from collections.abc import Sequence

from rich.table import Table

from adapters.agent_list import AgentEntry, AgentTotals
from ops.printing.console import out

__all__ = ["print_agent"]


def print_agent(agent: str, entries: Sequence[AgentEntry], totals: AgentTotals) -> None:
    """A line a mandate, then what they add up to."""
    table = Table(title=f"代办记录本 {agent}", title_justify="left")
    for name in ("办件 case", "事项 item", "stage", "scope", "site", "since", "until"):
        table.add_column(name, overflow="fold")
    for name in ("picked up 取件", "brought home 送件", "journeys 跑腿"):
        table.add_column(name, justify="right")
    for one in entries:
        until = f"revoked {one.revoked_on}" if one.revoked_on is not None else str(one.until or "")
        table.add_row(
            one.case,
            one.item or "",
            one.stage,
            one.scope,
            one.site or "",
            str(one.granted_on),
            until,
            *(str(number) for number in (one.pickups, one.brought_home, one.trips)),
        )
    out.print(table)
    out.print(
        f"{totals.cases} cases under {totals.mandates} mandates:"
        f" picked up {totals.pickups} times, brought home {totals.brought_home} times, {totals.trips} journeys"
        " of the agent's, none of the applicant's",
    )
