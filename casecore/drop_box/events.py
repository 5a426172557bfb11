"""Facts of a drop box. Storage formats."""

from dataclasses import dataclass

from casecore.fact import Fact

__all__ = ["BoxCollected", "BoxDeposit", "BoxDeposited", "DropBoxEvent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxDeposit:
    """What one applicant put in."""

    case: str
    deposit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxDeposited(Fact):
    """投递: something was put in."""

    case: str
    deposit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxCollected(Fact):
    """取件: the box was emptied; with nothing in it, the duty is done all the same."""

    deposits: tuple[BoxDeposit, ...]


DropBoxEvent = BoxDeposited | BoxCollected
"""Every fact a box's history may hold."""
