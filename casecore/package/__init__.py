"""The package (一件事): several items a citizen sees as one matter, opened by one submission, closed when all its cases are.

The shape of its folder is that of every kind: facts, the file they add up to, acts, the kind.
"""

from typing import TYPE_CHECKING

from casecore.exports import names_of
from casecore.package import acts, clocks, facts, file, kind
from casecore.package.acts import *
from casecore.package.clocks import *
from casecore.package.facts import *
from casecore.package.file import *
from casecore.package.kind import *

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(acts, clocks, facts, file, kind)
