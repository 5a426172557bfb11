"""The visit (到场) as a kind of stream."""

from typing import Final

from casecore.kind import Kind
from casecore.refusals import Reason
from casecore.visit.acts import VISITING
from casecore.visit.file import NEW_VISIT, VisitFile

__all__ = ["VISIT"]

VISIT: Final[Kind[VisitFile]] = Kind(
    "visit",
    "到场",
    new=NEW_VISIT,
    acts=(VISITING,),
    unknown=Reason.UNKNOWN_VISIT,
    begun=lambda file: None if file.began_at is None else file.began_at.date(),
    spared=True,
)
"""The visit: all there is to ask of it."""
