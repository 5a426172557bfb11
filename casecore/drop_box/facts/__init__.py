"""Facts of a drop box (小蜜蜂箱), by act: storage formats, never edited, only superseded."""

from typing import TYPE_CHECKING

from casecore.drop_box.facts import emptying, supervision
from casecore.drop_box.facts.emptying import *
from casecore.drop_box.facts.supervision import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = ["DropBoxEvent", *names_of(emptying, supervision)]

DropBoxEvent = emptying.EmptyingFact | supervision.BoxSupervisionFact
"""Every fact a box's history may hold."""
