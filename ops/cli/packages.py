"""What is shown of a package (一件事) beyond what every kind of stream has: its whole, and what an applicant may ask."""

from datetime import datetime
from typing import Annotated, Final

import typer

from adapters.opening import open_store
from adapters.sound_histories import facts_by
from adapters.trip_lists import members_of
from casecore.kinds import PACKAGE, fold_as
from casecore.reading.package_progress import package_progress
from ops.cli.moments import instant_of, zone
from ops.cli.options import AsOfOption, DistrictOption, JsonOption, StoreOption
from ops.cli.views import View
from ops.printing.packages import print_package, print_package_progress
from projections.explaining.package_view import view_package

__all__ = ["VIEW"]

PackageArgument = Annotated[str, typer.Argument(metavar="ID", help="The package's id (一件事编号).")]


def package_show(
    package: PackageArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """A package: its cases, materials, joint clocks, critical path (关键路径), and what joint review (联审联办) saved.

    Example: casecore package show DEMO-020 --store sqlite:///demo.db
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        engine = opened.holding(package, PACKAGE)
        facts = facts_by(engine, package, PACKAGE, until=until)
        file = fold_as(PACKAGE, facts)
        cases, calendars = members_of(engine, file, until), engine.books.calendars
    moment = until or datetime.now(zone())
    print_package(view_package(engine.district, package, file, cases, moment, calendars), as_json=as_json)


def package_status(
    package: PackageArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """What an applicant may ask (申请人视图): where the whole and each of its cases stand, when it is due, what is to do.

    Example: casecore package status DEMO-020 --store sqlite:///demo.db --as-of 2017-08-01T10:00
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        engine = opened.holding(package, PACKAGE)
        facts = facts_by(engine, package, PACKAGE, until=until)
        file = fold_as(PACKAGE, facts)
        cases, office = members_of(engine, file, until), engine.office_for(file)
    found = package_progress(file, cases, until or datetime.now(zone()), office.calendar_of, office.rule)
    print_package_progress(package, found, as_json=as_json)


VIEW: Final = View(
    help="Look at one package (一件事).",
    asked=PackageArgument,
    example="DEMO-020 --store sqlite:///demo.db --json",
    commands={"show": package_show, "status": package_status},
)
