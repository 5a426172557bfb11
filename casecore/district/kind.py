"""The books of a district (区划账簿) as a kind of stream."""

from typing import Final

from casecore.district.acts import ADOPTION
from casecore.district.admission import ADMISSION
from casecore.district.file import NO_BOOKS, DistrictFile, books_stream
from casecore.kind import Kind
from casecore.refusals import Reason

__all__ = ["DISTRICT"]

DISTRICT: Final[Kind[DistrictFile]] = Kind(
    "district",
    "区划账簿",
    new=NO_BOOKS,
    acts=(ADOPTION, ADMISSION),
    unknown=Reason.OTHER_DISTRICT,
    only=books_stream,
    word="books",
)
"""The books of a district: all there is to ask of them."""
