"""Facts of a package (一件事), by act: storage formats, never edited, only superseded."""

from typing import TYPE_CHECKING

from casecore.exports import names_of
from casecore.package.facts import limits, members, opening, supervision
from casecore.package.facts.limits import *
from casecore.package.facts.members import *
from casecore.package.facts.opening import *
from casecore.package.facts.supervision import *

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = ["PackageEvent", *names_of(limits, members, opening, supervision)]

PackageEvent = opening.OpeningFact | members.MemberFact | limits.PackageLimitFact | supervision.PackageSupervisionFact
"""Every fact a package's history may hold."""
