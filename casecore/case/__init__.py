"""The case (办件): facts by act, the file they add up to, the acts above it, and the kind that puts them together.

A rule returns facts or a refusal and reads neither clock nor file; the fold never refuses.
"""

from typing import TYPE_CHECKING

from casecore.case import acts, clocks, command, facts, file, kind
from casecore.case.acts import *
from casecore.case.clocks import *
from casecore.case.command import *
from casecore.case.facts import *
from casecore.case.file import *
from casecore.case.kind import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(acts, clocks, command, facts, file, kind)
