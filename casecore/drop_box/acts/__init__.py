"""Acts of a drop box (小蜜蜂箱)."""

from typing import TYPE_CHECKING, Final

from casecore.drop_box.acts import emptying, supervision
from casecore.drop_box.acts.emptying import *
from casecore.drop_box.acts.supervision import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(emptying, supervision)

BOX_ACTS: Final = (emptying.EMPTYING, supervision.SUPERVISION)
"""In the order a box meets them."""
