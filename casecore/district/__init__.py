"""The books of a district (区划账簿): what its decisions and figures rest on, adopted as facts. One stream a log.

The shape of its folder is that of every kind: facts, the file they add up to, acts, the kind.
"""

from typing import TYPE_CHECKING

from casecore.district import acts, admission, facts, file, kind
from casecore.district.acts import *
from casecore.district.admission import *
from casecore.district.facts import *
from casecore.district.file import *
from casecore.district.kind import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(acts, admission, facts, file, kind)
