"""Commands that look at one case (办件): show, history, explain, status."""

from datetime import datetime
from typing import Annotated

import typer
from casecore.kinds import CASE, fold_case
from casecore.reading.progress import progress

from adapters.opening import open_store
from casecore.errors import BadInput, Fault
from casecore.recorded import Unreadable
from ops.cli.app import (
    FINDING,
    AsOfOption,
    CalendarsOption,
    CaseArgument,
    DistrictOption,
    JsonOption,
    RuleOption,
    StoreOption,
    case_app,
    guarded,
    instant_of,
    zone,
)
from ops.cli.histories import happened_by, kind_among, sound
from ops.explaining.explanation import explain
from ops.explaining.proof import promised_reading
from ops.folding import NOT_POISON
from ops.printing.case_file import print_file
from ops.printing.cases import print_explanation, print_history
from ops.printing.progress import print_progress

__all__ = ["explain_", "history", "show", "status"]


@case_app.command("show")
@guarded
def show(  # noqa: PLR0913 - the options of a command
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    calendars: CalendarsOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """The file of a case: where it stands and what was promised.

    Example: casecore case show DEMO-0001 --store sqlite:///demo.db --as-of 2017-08-10T12:00
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district, calendars=calendars) as opened:
        facts = happened_by(sound(opened.holding(case), case, CASE), case, until)
    file = fold_case(facts)
    print_file(case, file, promised_reading(file, until or datetime.now(zone()), opened.calendars), as_json=as_json)


@case_app.command("history")
@guarded
def history(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every fact of a case, as recorded; exit code 1 where one cannot be read.

    Example: casecore case history DEMO-0001 --store sqlite:///demo.db --json
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        entries = happened_by(opened.holding(case).log.history(case), case, until)
    kind_among(entries, case, CASE)
    print_history(entries, as_json=as_json)
    if any(isinstance(entry, Unreadable) for entry in entries):
        raise typer.Exit(FINDING)


@case_app.command("explain")
@guarded
def explain_(  # noqa: PLR0913 - the options of a command
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    calendars: CalendarsOption = None,
    calendar: Annotated[
        str | None, typer.Option("--calendar", help="Tell each clock under this calendar version too: as now known.")
    ] = None,
    rule: RuleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """A case's story, its clocks day by day, its critical path, cards, findings and trips.

    Example: casecore case explain DEMO-0001 --store sqlite:///demo.db --calendar cn-2026.1
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district, calendars=calendars, rule=rule) as opened:
        engine = opened.holding(case)
        facts = happened_by(sound(engine, case, CASE), case, until)
    moment = until or datetime.now(zone())
    try:
        explanation = explain(facts, moment, calendars=opened.calendars, other=calendar, office=engine.office)
    except (*NOT_POISON, BadInput):
        raise
    except Exception as error:
        raise Fault(f"case {case} version {facts[-1].version}: its facts cannot be explained: {error!r}") from error
    print_explanation(explanation, as_json=as_json)


@case_app.command("status")
@guarded
def status(  # noqa: PLR0913 - the options of a command
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    calendars: CalendarsOption = None,
    rule: RuleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """What an applicant may ask (申请人视图): where the case stands, when it is due, what is still to do.

    Example: casecore case status DEMO-0001 --store sqlite:///demo.db --as-of 2017-08-04T12:00
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district, calendars=calendars, rule=rule) as opened:
        engine = opened.holding(case)
        facts = happened_by(sound(engine, case, CASE), case, until)
    found = progress(
        fold_case(facts),
        until or datetime.now(zone()),
        engine.office.calendar_of,
        engine.office.rule,
    )
    print_progress(case, found, as_json=as_json)
