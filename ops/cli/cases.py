"""What is shown of a case (办件) beyond what every kind of stream has: its file, explanation and status."""

from datetime import datetime
from typing import Annotated, Final

import typer

from adapters.opening import open_store
from adapters.sound_histories import facts_by
from casecore.kinds import CASE, fold_as
from ops.cli.moments import instant_of, zone
from ops.cli.options import AsOfOption, CalendarsOption, DistrictOption, JsonOption, StoreOption
from ops.cli.views import View

__all__ = ["VIEW"]

CaseArgument = Annotated[str, typer.Argument(metavar="ID", help="办件编号")]


def show(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """The file of a case: where it stands and what was promised.

    Example: casecore case show DEMO-0001 --store sqlite:///demo.db --as-of 2017-08-10T12:00
    """
    from ops.printing.case_file import print_file
    from projections.explaining.explained_clock import promised_reading

    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        engine = opened.holding(case, CASE)
        facts, calendars = facts_by(engine, case, CASE, until=until), engine.books.calendars
    file = fold_as(CASE, facts)
    print_file(case, file, promised_reading(file, until or datetime.now(zone()), calendars), as_json=as_json)


def explain_(  # noqa: PLR0913 - the options of a command
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    calendars: CalendarsOption = None,
    calendar: Annotated[
        str | None, typer.Option("--calendar", help="Tell each clock under this calendar version too: as now known.")
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """A case's story, its clocks day by day, its critical path, cards, findings and trips.

    Example: casecore case explain DEMO-0001 --store sqlite:///demo.db --calendar cn-2026.1
    """
    from adapters.calendar_toml import known_calendars
    from adapters.explaining import explain
    from casecore.calendars import find_calendar
    from ops.printing.cases import print_explanation

    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        engine, others = opened.holding(case, CASE), known_calendars(calendars)
        if calendar is not None:
            find_calendar({**others, **engine.books.calendars}, calendar, "--calendar")
        explanation = explain(engine, case, until, other=calendar, calendars=others)
    print_explanation(explanation, as_json=as_json)


def status(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """What an applicant may ask (申请人视图): where the case stands, when it is due, what is still to do.

    Example: casecore case status DEMO-0001 --store sqlite:///demo.db --as-of 2017-08-04T12:00
    """
    from casecore.case.licences import with_kind_of_item
    from casecore.reading.progress import progress
    from ops.printing.progress import print_progress

    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        engine = opened.holding(case, CASE)
        folded = fold_as(CASE, facts_by(engine, case, CASE, until=until))
        office = engine.office_for(folded)
    file = with_kind_of_item(folded, office.catalogue, office.rule)
    found = progress(file, until or datetime.now(zone()), office.calendar_of, office.rule)
    print_progress(case, found, as_json=as_json)


VIEW: Final = View(
    help="Look at one case (办件).",
    asked=CaseArgument,
    example="DEMO-0001 --store sqlite:///demo.db --json",
    commands={"show": show, "explain": explain_, "status": status},
)
