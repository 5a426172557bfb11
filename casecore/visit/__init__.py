"""The visit (到场): somebody comes to a hall, is served in some cases or in none, and leaves.

The shape of its folder is that of every kind: facts, the file they add up to, acts, the kind.
"""

from typing import TYPE_CHECKING

from casecore.exports import names_of
from casecore.visit import acts, facts, file, kind
from casecore.visit.acts import *
from casecore.visit.facts import *
from casecore.visit.file import *
from casecore.visit.kind import *

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(acts, facts, file, kind)
