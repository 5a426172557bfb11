"""What older forms of the facts of a district's books did not say yet, and what that meant."""

from typing import Any

from casecore.fact import Fields

__all__ = ["box_always_there", "site_always_there"]


def site_always_there(fields: Fields) -> dict[str, Any]:
    """A site of before there were dates: it has always been open, in the district."""
    return {**fields, "site": {**fields["site"], "away": None, "valid_from": None, "valid_until": None}}


def box_always_there(fields: Fields) -> dict[str, Any]:
    """A box of before there were dates: it has always hung there."""
    return {**fields, "box": {**fields["box"], "valid_from": None, "valid_until": None}}
