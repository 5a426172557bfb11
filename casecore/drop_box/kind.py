"""The drop box (小蜜蜂箱) as a kind of stream."""

from datetime import datetime
from operator import attrgetter
from typing import Final

from casecore.command import Command
from casecore.drop_box.acts import BOX_ACTS
from casecore.drop_box.acts.supervision import PassBoxTime, next_look
from casecore.drop_box.file import NEW_BOX, DropBoxFile
from casecore.kind import Kind, Passing
from casecore.refusals import Reason

__all__ = ["DROP_BOX"]


def _what_time_brought(box: str, by: str, at: datetime) -> Command:
    return PassBoxTime(box=box, by=by, at=at)


DROP_BOX: Final[Kind[DropBoxFile]] = Kind(
    "drop_box",
    "投递箱",
    new=NEW_BOX,
    acts=BOX_ACTS,
    unknown=Reason.UNKNOWN_BOX,
    cards=attrgetter("cards"),
    passing=Passing(_what_time_brought, next_look),
    word="box",
    look="history",
)
"""The drop box: all there is to ask of it."""
