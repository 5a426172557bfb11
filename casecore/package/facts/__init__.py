"""Facts of a package (一件事), by act: storage formats, never edited, only superseded."""

from casecore.package.facts import limits, members, opening
from casecore.package.facts.limits import *
from casecore.package.facts.members import *
from casecore.package.facts.opening import *

__all__ = ["PackageEvent"]
__all__ += limits.__all__
__all__ += members.__all__
__all__ += opening.__all__

PackageEvent = opening.OpeningFact | members.MemberFact | limits.PackageLimitFact
"""Every fact a package's history may hold."""
