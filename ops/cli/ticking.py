"""The command that feeds the clock: tick."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import typer

from adapters.district_engine import given_books
from adapters.mapper import WIRE
from adapters.opening import Store, open_store
from casecore.cards import CardIssue, card_terms
from casecore.case.facts.acceptance import AcceptanceDeemed
from casecore.errors import BadInput, Flaw
from casecore.recorded import Event
from casecore.ticking import Ticked
from ops.cli.app import app
from ops.cli.lasting import EndedByWish, SupervisedOption, Wish, interruptible, waiting_out
from ops.cli.moments import instant_of
from ops.cli.options import (
    FINDING,
    CalendarInForceOption,
    CalendarsOption,
    CatalogueOption,
    DistrictOption,
    JsonOption,
    RuleOption,
    StoreOption,
    guarded,
)
from ops.printing import console

__all__ = ["tick"]

Opening = Callable[[], AbstractContextManager[Store]]
"""Opens a store with the districts it holds now."""
Answered = Callable[[], None]


@app.command()
@guarded
def tick(  # noqa: PLR0913 - the options of a command
    *,
    store: StoreOption,
    district: DistrictOption = None,
    rule: RuleOption = None,
    now: Annotated[
        str | None, typer.Option("--now", help="What time had brought by this instant, not in the future; default: now.")
    ] = None,
    every: Annotated[
        float | None, typer.Option("--every", min=0.0, help="Again after so many seconds, until interrupted.")
    ] = None,
    catalogue: CatalogueOption = None,
    calendar: CalendarInForceOption = None,
    calendars: CalendarsOption = None,
    supervised: SupervisedOption = False,
    as_json: JsonOption = False,
) -> None:
    """Record what the passing of time has brought: acceptance and renewal by silence, warnings, yellow and red cards.

    Each once, however often it runs and in however many processes (时间推移, 电子监察). With --every a line for each fact as
    it comes, with --json one JSON document a round. SIGTERM or SIGINT ends it behind a page of cases, with exit code 0.
    Exit code 1 when the time of a case cannot be counted: those are listed on stderr, all others are served. So it is where
    the clock of this machine lies too far ahead: then nothing is recorded.

    Example: casecore tick --store sqlite:///cases.db --rule our-district.toml
    """
    at = instant_of(now, "--now")
    given = given_books(rule=rule, catalogue=catalogue, calendars=calendars, calendar=calendar)
    if at is not None and every is not None:
        raise BadInput(Flaw.USAGE, "--now", "goes with one round, and --every asks for many")
    opening, counted = partial(open_store, store, district=district, adopting=given), True

    def once(answered: Answered) -> None:
        nonlocal counted
        with opening() as opened:
            counted = _round(opened, at, wish, as_json=as_json, summed_up=True)
            answered()

    def ever(answered: Answered) -> None:
        while True:  # a district has joined: open the store anew
            _rounds(opening, every or 0.0, wish, answered, as_json=as_json)

    with interruptible() as wish:
        waiting_out(once if every is None else ever, wish, supervised=supervised)
    if not counted:
        raise typer.Exit(FINDING)


def _rounds(opening: Opening, every: float, wish: Wish, answered: Answered, *, as_json: bool) -> None:
    """Tick until the store holds another district; ends where that is wished."""
    with opening() as opened:
        districts = opened.tables.districts()
        while True:
            _round(opened, None, wish, as_json=as_json)
            answered()
            if wish.rest(every):
                raise EndedByWish
            if opened.tables.districts() != districts:
                return


def _round(opened: Store, at: datetime | None, wish: Wish, *, as_json: bool, summed_up: bool = False) -> bool:
    """Tick every district once and print what came of it; whether every case's time could be counted.

    Where the end is wished it ends behind a page of cases, and the districts behind it are left to the next run.
    """
    found = [(one.district, one.tick(at, lambda: wish.came)) for one in opened.engines if not wish.came]
    if as_json:
        console.put(_plain(found))
    else:
        for district, ticked in found:
            for case, event in _facts(ticked):
                _say(f"{case}  {_line(event)}" if len(found) == 1 else f"{district}  {case}  {_line(event)}")
        if summed_up:
            brought, looked = sum(len(t.receipts) for _, t in found), sum(t.looked_at for _, t in found)
            _say(f"time brought something to {brought} of {looked} streams looked at (时间推移)")
    for district, ticked in found:
        for case, why in ticked.unreadable:
            line = f"casecore: district {district}: case {case}: {why}"
            console.err.print(line)
        if ticked.refused is not None:
            console.err.print(f"casecore: district {district}: nothing was recorded: {ticked.refused}")
    return not any(ticked.unreadable or ticked.refused for _, ticked in found)


def _say(line: str) -> None:
    console.out.print(line)


def _facts(ticked: Ticked) -> Iterator[tuple[str, Event]]:
    for receipt in ticked.receipts:
        for event in receipt.events:
            yield receipt.stream, event


def _line(event: Event) -> str:
    """One fact for people.

    Of silence its calendar; of a card what it is for, which clock says so, until when it was, and by how much it is over.
    """
    if isinstance(event, AcceptanceDeemed):
        return f"{event.term}  {event.told().en}  calendar {event.calendar}"
    if not isinstance(event, CardIssue):
        return f"{event.term}  {event.told().en}"
    parts = [event.level.zh, event.ground.zh]
    if event.clock is not None:
        parts.append(event.clock)
    parts += [term.en for term in card_terms(event)]
    if event.department is not None:
        parts.append(event.department)
    return "  ".join(parts)


def _plain(found: Sequence[tuple[str, Ticked]]) -> dict[str, Any]:
    """Everything a round came to, for scripts; facts under their event names, with all their fields."""
    return {
        "looked_at": sum(ticked.looked_at for _, ticked in found),
        "facts": [
            {"district": district, "case": receipt.stream, "command_id": receipt.command_id, "event": name, **fields}
            for district, ticked in found
            for receipt in ticked.receipts
            for name, fields in map(WIRE.plain, receipt.events)
        ],
        "unreadable": [{"district": district, **case._asdict()} for district, ticked in found for case in ticked.unreadable],
        "refused": [
            {"district": district, "reason": ticked.refused.reason, "named": ticked.refused.named}
            for district, ticked in found
            if ticked.refused is not None
        ],
    }
