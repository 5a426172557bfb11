"""The package (一件事) as a kind of stream."""

from datetime import date, datetime
from operator import attrgetter
from typing import Final

from casecore.command import Command
from casecore.kind import Kind, Passing
from casecore.package.acts import PACKAGE_ACTS
from casecore.package.acts.supervision import PassPackageTime, next_look
from casecore.package.clocks import clocks_of_package
from casecore.package.file import NEW_PACKAGE, PackageFile
from casecore.refusals import Reason

__all__ = ["PACKAGE"]


def _promised_under(file: PackageFile) -> str | None:
    return None if file.promise is None else file.promise.calendar


def _begun(file: PackageFile) -> date | None:
    """The day it was opened."""
    return None if file.opened is None else file.opened.at.date()


def _what_time_brought(package: str, by: str, at: datetime) -> Command:
    return PassPackageTime(package=package, by=by, at=at)


PACKAGE: Final[Kind[PackageFile]] = Kind(
    "package",
    "一件事",
    new=NEW_PACKAGE,
    acts=PACKAGE_ACTS,
    unknown=Reason.UNKNOWN_PACKAGE,
    clocks=clocks_of_package,
    begun=_begun,
    promised_under=_promised_under,
    cards=attrgetter("cards"),
    passing=Passing(_what_time_brought, next_look),
)
"""The package: all there is to ask of it."""
