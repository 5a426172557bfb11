"""The command that hands in commands: handle."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Annotated, Any, Final

import typer

from adapters.command_json import MAX_COMMAND_BYTES, read_command
from adapters.district_engine import DistrictEngine, open_engine
from adapters.json_lines import numbered_lines
from adapters.mapper import WIRE
from casecore.errors import BadInput, Fault, Flaw
from casecore.refusals import Refused
from ops.cli.app import app
from ops.cli.lasting import Wish, interruptible
from ops.cli.options import (
    FINDING,
    CalendarInForceOption,
    CalendarsOption,
    CatalogueOption,
    OneDistrictOption,
    RuleOption,
    StoreOption,
    guarded,
)
from ops.printing import console

__all__ = ["handle"]

_STDIN: Final = Path("-")


@app.command()
@guarded
def handle(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(help="One JSON command a line; - for stdin.")],
    *,
    store: StoreOption,
    district: OneDistrictOption,
    catalogue: CatalogueOption = None,
    calendar: CalendarInForceOption = None,
    calendars: CalendarsOption = None,
    rule: RuleOption = None,
) -> None:
    """Carry out commands, one JSON object a line; each is answered by one JSON line on stdout.

    An answer bears its line number and a receipt, a refusal (refused), what is wrong with the line (bad_input) or with
    what is stored of its case (fault).
    Exit code 1 when any was not carried out. With command_ids the file can be handed in again. Of lines from stdin, SIGTERM
    or SIGINT ends it behind the one that is being carried out, as the end of the input does.

    Example: casecore handle commands.jsonl --store sqlite:///cases.db --district 510114
    """
    if file != _STDIN and not file.is_file():
        raise BadInput(Flaw.USAGE, str(file), "there is no such file")
    all_done = True
    with (
        open_engine(
            store, district=district, catalogue=catalogue, calendar=calendar, calendars=calendars, rule=rule
        ) as engine,
        nullcontext(sys.stdin.buffer) if file == _STDIN else file.open("rb") as source,
        interruptible() if file == _STDIN else nullcontext() as wish,
    ):
        for number, line in _lines(source, wish):
            answer = _answer(engine, line)
            all_done &= "receipt" in answer
            console.put({"line": number, **answer})  # on disk by now, and whoever waits for it may go on
    if not all_done:
        raise typer.Exit(FINDING)


def _lines(source: IO[bytes], wish: Wish | None) -> Iterator[tuple[int, bytes]]:
    """The lines, until the end of the input or the wish to end."""
    lines = numbered_lines(source, MAX_COMMAND_BYTES)
    while True:
        with nullcontext() if wish is None else wish.reading():
            found = next(lines, None)
        if found is None:
            return
        yield found


def _answer(engine: DistrictEngine, line: bytes) -> dict[str, Any]:
    """What became of one line."""
    try:
        answer = engine.handle(read_command(line))
    except BadInput as flaw:
        return {"bad_input": {"code": flaw.code, "place": flaw.place, "message": flaw.sentence}}
    except Fault as fault:  # of this case's history: the others are served
        return {"fault": {"message": str(fault)}}
    if isinstance(answer, Refused):
        return {
            "refused": {
                "reason": answer.reason,
                "named": answer.named,
                "case": answer.case,
                "command": answer.command,
                "zh": answer.reason.zh,
                "en": answer.reason.en,
            }
        }
    receipt = {name: getattr(answer, name) for name in ("command_id", "stream", "version", "position", "hash")}
    return {"receipt": {**receipt, "events": [WIRE.plain(event)[0] for event in answer.events]}}
