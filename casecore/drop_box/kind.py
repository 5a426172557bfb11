"""The drop box (小蜜蜂箱) as a kind of stream."""

from typing import Final

from casecore.drop_box.acts import BOX
from casecore.drop_box.file import NEW_BOX, DropBoxFile
from casecore.kind import Kind
from casecore.refusals import Reason

__all__ = ["DROP_BOX"]

DROP_BOX: Final[Kind[DropBoxFile]] = Kind("drop_box", "投递箱", new=NEW_BOX, acts=(BOX,), unknown=Reason.UNKNOWN_BOX)
"""The drop box: all there is to ask of it."""
