"""The drop box (小蜜蜂箱): what lies in it, and how often it is emptied.

The shape of its folder is that of every kind: facts, the file they add up to, acts, the kind.
"""

from typing import TYPE_CHECKING

from casecore.drop_box import acts, command, facts, file, kind
from casecore.drop_box.acts import *
from casecore.drop_box.command import *
from casecore.drop_box.facts import *
from casecore.drop_box.file import *
from casecore.drop_box.kind import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(acts, command, facts, file, kind)
