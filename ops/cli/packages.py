"""Commands that look at one package (一件事): show, history, status."""

from datetime import datetime
from typing import Annotated

import typer
from casecore.kinds import PACKAGE, as_kind, fold_stream
from casecore.package.file import NEW_PACKAGE
from casecore.reading.package_progress import package_progress

from adapters.opening import open_store
from casecore.recorded import Unreadable
from ops.cli.app import (
    FINDING,
    AsOfOption,
    CalendarsOption,
    DistrictOption,
    JsonOption,
    RuleOption,
    StoreOption,
    guarded,
    instant_of,
    package_app,
    zone,
)
from ops.cli.histories import happened_by, kind_among, sound
from ops.explaining.package_view import view_package
from ops.printing.cases import print_history
from ops.printing.packages import print_package, print_package_progress
from ops.trip_ledgers import members_of

__all__ = ["package_history", "package_show", "package_status"]

PackageArgument = Annotated[str, typer.Argument(metavar="ID", help="The package's id (一件事编号).")]


@package_app.command("show")
@guarded
def package_show(  # noqa: PLR0913 - the options of a command
    package: PackageArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    calendars: CalendarsOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """A package: its cases, materials, joint clocks, critical path (关键路径), and what joint review (联审联办) saved.

    Example: casecore package show DEMO-020 --store sqlite:///demo.db
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district, calendars=calendars) as opened:
        engine = opened.holding(package, "package")
        facts = happened_by(sound(engine, package, PACKAGE), package, until)
        file = as_kind(fold_stream(recorded.event for recorded in facts), NEW_PACKAGE, package)
        cases = members_of(engine, file, until)
    moment = until or datetime.now(zone())
    print_package(view_package(engine.district, package, file, cases, moment, opened.calendars), as_json=as_json)


@package_app.command("history")
@guarded
def package_history(
    package: PackageArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every fact of a package, as recorded; exit code 1 where one cannot be read.

    Example: casecore package history DEMO-020 --store sqlite:///demo.db --json
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        entries = happened_by(opened.holding(package, "package").log.history(package), package, until)
    kind_among(entries, package, PACKAGE)
    print_history(entries, as_json=as_json)
    if any(isinstance(entry, Unreadable) for entry in entries):
        raise typer.Exit(FINDING)


@package_app.command("status")
@guarded
def package_status(  # noqa: PLR0913 - the options of a command
    package: PackageArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    calendars: CalendarsOption = None,
    rule: RuleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """What an applicant may ask (申请人视图): where the whole and each of its cases stand, when it is due, what is to do.

    Example: casecore package status DEMO-020 --store sqlite:///demo.db --as-of 2017-08-01T10:00
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district, calendars=calendars, rule=rule) as opened:
        engine = opened.holding(package, "package")
        facts = happened_by(sound(engine, package, PACKAGE), package, until)
        file = as_kind(fold_stream(recorded.event for recorded in facts), NEW_PACKAGE, package)
        cases = members_of(engine, file, until)
    office = engine.office
    found = package_progress(file, cases, until or datetime.now(zone()), office.calendar_of, office.rule)
    print_package_progress(package, found, as_json=as_json)
