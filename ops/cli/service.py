"""Commands about what spares citizens trips: declared, agent."""

from typing import Annotated

import typer

from adapters.agent_list import agent_entries, agent_totals
from adapters.declared import declared as declared_items
from adapters.declared import declared_themes
from adapters.stores.addresses import shown_address
from casecore.errors import BadInput, Flaw
from ops.cli.app import app
from ops.cli.facts import facts_of
from ops.cli.options import DistrictOption, JsonOption, StoreOption, guarded
from ops.cli.periods import period_of
from ops.printing import console
from ops.printing.agents import print_agent
from ops.printing.declared import plain_declared, print_declared

__all__ = ["agent_", "declared"]

FreshOption = Annotated[bool, typer.Option("--follow/--no-follow", help="Follow the log first.")]


@app.command()
@guarded
def declared(  # noqa: PLR0913 - the options of a command
    store: StoreOption,
    *,
    since: Annotated[str | None, typer.Option("--from", help="First day of closing, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day of closing, YYYY-MM-DD.")] = None,
    district: DistrictOption = None,
    contradicting: Annotated[bool, typer.Option("--contradicting", help="Only what contradicts its declaration.")] = False,
    fresh: FreshOption = True,
    as_json: JsonOption = False,
) -> None:
    """Declared against actual (申报与实际): the visits and online depth declared beside what closed cases really needed.

    Contradictions both ways, with the cases they rest on; themes (一件事) with their packages.

    Example: casecore declared --store sqlite:///cases.db --from 2023-01-01 --to 2023-06-30
    """
    period = period_of(since, until)
    with facts_of(store, fresh=fresh) as tables:
        items = declared_items(tables, period, district=district)
        themes = declared_themes(tables, period, district=district)
    if contradicting:
        items = tuple(one for one in items if one.contradiction is not None)
        themes = tuple(one for one in themes if one.contradiction is not None)
    if as_json:
        console.put_json(
            {"items": [plain_declared(one) for one in items], "themes": [plain_declared(one) for one in themes]}
        )
    else:
        print_declared(themes, items)


@app.command("agent")
@guarded
def agent_(
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="The 代办员, as mandates name them.")],
    *,
    store: StoreOption,
    district: DistrictOption = None,
    fresh: FreshOption = True,
    as_json: JsonOption = False,
) -> None:
    """An agent's ledger (代办记录本): each mandate, what was picked up and brought home, the journeys it took.

    Example: casecore agent 叶伦康 --store sqlite:///demo.db
    """
    with facts_of(store, fresh=fresh) as tables:
        entries = agent_entries(tables, agent, district=district)
    if not entries:
        raise BadInput(Flaw.USAGE, f"agent {agent}", f"nobody was entrusted under that name in {shown_address(store)}")
    totals = agent_totals(entries)
    if as_json:
        rows = [one._asdict() for one in entries]
        console.put_json({"agent": agent, "mandates": rows, "totals": totals._asdict()})
    else:
        print_agent(agent, entries, totals)
