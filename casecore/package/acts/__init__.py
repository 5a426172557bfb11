"""Acts of a package (一件事)."""

from typing import TYPE_CHECKING, Final

from casecore.exports import names_of
from casecore.package.acts import limits, members, opening, supervision
from casecore.package.acts.limits import *
from casecore.package.acts.members import *
from casecore.package.acts.opening import *
from casecore.package.acts.supervision import *

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(limits, members, opening, supervision)

PACKAGE_ACTS: Final = (opening.OPENING, members.MEMBERS, limits.LIMITS, supervision.SUPERVISION)
"""In the order a package meets them."""
