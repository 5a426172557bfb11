"""The command that shows what trips a case or a package cost: trips."""

from typing import Annotated

import typer
from casecore.kinds import CASE, PACKAGE, fold_stream
from casecore.package.file import PackageFile

from adapters.opening import open_store
from casecore.case.file import CaseFile
from ops.cli.app import (
    AsOfOption,
    CalendarsOption,
    DistrictOption,
    JsonOption,
    RuleOption,
    StoreOption,
    app,
    guarded,
    instant_of,
)
from ops.cli.histories import happened_by, sound
from ops.printing.trips import print_ledger
from ops.trip_ledgers import case_ledger, package_ledger

__all__ = ["trips"]


@app.command()
@guarded
def trips(  # noqa: PLR0913 - the options of a command
    stream: Annotated[str, typer.Argument(metavar="ID", help="办件编号, or the id of a package (一件事).")],
    *,
    store: StoreOption,
    district: DistrictOption = None,
    calendars: CalendarsOption = None,
    rule: RuleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """The trip ledger (跑动台账): each visit, the cases it served, what it counts for, whether it could be spared.

    Of a package every visit is told once. Shares are exact: a visit that served k cases goes to each by 1/k.

    Example: casecore trips DEMO-0001 --store sqlite:///demo.db
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district, calendars=calendars, rule=rule) as opened:
        engine = opened.holding(stream, "case or package")
        facts = happened_by(sound(engine, stream, CASE, PACKAGE), stream, until)
        match fold_stream(recorded.event for recorded in facts):
            case CaseFile() as file:
                ledger = case_ledger(engine, opened.tables, stream, file, until)
            case PackageFile() as package:
                ledger = package_ledger(engine, opened.tables, stream, package, until)
            case other:
                raise TypeError(type(other).__name__)
    print_ledger(ledger, as_json=as_json)
