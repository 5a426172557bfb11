"""Commands that look for what is questionable: findings."""

from datetime import datetime
from typing import Annotated

import typer

from adapters.auditing import Wanted
from adapters.auditing import findings as look_for
from adapters.opening import open_store
from casecore.errors import BadInput, Flaw
from casecore.vocabulary import FindingCode
from ops.cli.app import app
from ops.cli.moments import day_of, zone
from ops.cli.options import FINDING, DistrictOption, JsonOption, StoreOption, guarded
from ops.printing import console
from ops.printing.advance import progress
from ops.printing.findings import print_audit

__all__ = ["findings"]


@app.command()
@guarded
def findings(  # noqa: PLR0913 - the options of a command
    store: StoreOption,
    *,
    district: DistrictOption = None,
    case: Annotated[str | None, typer.Option("--case", help="编号: of this case, package or box alone.")] = None,
    code: Annotated[list[str] | None, typer.Option("--code", help="Only findings of this code; repeatable.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    as_json: JsonOption = False,
) -> None:
    """What is questionable in the histories (疑点): counts by code, then each finding; exit code 1 when there is any.

    --from and --to go by the day of the fact a finding turns on. Bursts of cases show only in a whole log, without --case.

    Example: casecore findings --store sqlite:///cases.db --code act_after_deadline --from 2023-01-01 --json
    """
    wanted = Wanted(tuple(map(_code, code or ())), day_of(since, "--from"), day_of(until, "--to"))
    if wanted.since is not None and wanted.until is not None and wanted.until < wanted.since:
        raise BadInput(Flaw.USAGE, "--to", f"{wanted.until} lies before --from {wanted.since}")
    with (
        open_store(store, district=district) as opened,
        progress("examining") as advance,
    ):
        engines = opened.engines if case is None else (opened.holding(case),)
        found = look_for(engines, datetime.now(zone()), wanted, case=case, progress=advance)
    if as_json:
        console.put_json(found.plain())
    else:
        print_audit(found)
    if found.findings or found.unreadable:
        raise typer.Exit(FINDING)


def _code(text: str) -> FindingCode:
    for code in FindingCode:
        if code.value == text:
            return code
    raise BadInput(Flaw.USAGE, "--code", f"{text!r} is none of {', '.join(FindingCode)}")
