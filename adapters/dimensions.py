"""Loading what facts are grouped by, and is in no stream's history: a district's items, themes and dates, from its books."""

from adapters.tables import Tables
from casecore.books import Books
from projections.dimensions import date_rows, item_rows, theme_rows

__all__ = ["load_dimensions"]


def load_dimensions(tables: Tables, district: str, books: Books) -> None:
    """Load a district's items, themes and dates as its books have them; what is loaded already is left as it is.

    Following does it (:func:`adapters.following.follow`); who fills tables by hand calls it too.
    """
    latest = books.rule_on(None)
    items, hours = books.catalogue, latest.rule.hours_per_workday
    told = {"rule_version": latest.version, "hours_per_workday": hours}
    tables.load_dimension("item_facts", district, item_rows(district, items, **told))
    tables.load_dimension("theme_facts", district, theme_rows(district, items.themes, **told))
    tables.load_dimension("date_facts", district, date_rows(district, books))
