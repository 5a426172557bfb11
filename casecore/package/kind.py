"""The package (一件事) as a kind of stream."""

from typing import Final

from casecore.kind import Kind
from casecore.package.acts import PACKAGE_ACTS
from casecore.package.clocks import clocks_of_package
from casecore.package.file import NEW_PACKAGE, PackageFile
from casecore.refusals import Reason

__all__ = ["PACKAGE"]

PACKAGE: Final[Kind[PackageFile]] = Kind(
    "package",
    "一件事",
    new=NEW_PACKAGE,
    acts=PACKAGE_ACTS,
    unknown=Reason.UNKNOWN_PACKAGE,
    clocks=clocks_of_package,
)
"""The package: all there is to ask of it."""
