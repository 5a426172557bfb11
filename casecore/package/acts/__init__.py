"""Acts of a package (一件事)."""

from typing import Final

from casecore.package.acts import limits, members, opening
from casecore.package.acts.limits import *
from casecore.package.acts.members import *
from casecore.package.acts.opening import *

__all__: list[str] = []
__all__ += limits.__all__
__all__ += members.__all__
__all__ += opening.__all__

ACTS: Final = (opening.OPENING, members.MEMBERS, limits.LIMITS)
