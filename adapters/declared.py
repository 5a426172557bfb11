"""Declared against actual (申报与实际): the visits the catalogue promises beside those its cases and packages really needed.

What an item declares is its 到办事现场次数 as promised to each case at acceptance, and its online depth; what a theme
(一件事) declares is promised to each package. Trips count as :mod:`casecore.reading.trips` says, net ones against the
promise.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from adapters.reporting import Period
from adapters.tables import Tables
from casecore.door import is_text
from casecore.vocabulary.terms import Term
from projections.trip_populations import PACKAGES

__all__ = ["Contradiction", "DeclaredItem", "DeclaredTheme", "declared", "declared_themes"]


class Contradiction(Term):
    """How what is declared and what happened speak against each other; the first that holds is named."""

    TRIPS_THOUGH_NONE = "trips_though_none", "申报零跑动而有跑动"
    """0 visits are declared, and somebody had to come."""
    MORE_ON_AVERAGE = "more_on_average", "实际到场多于申报"
    """Visits are declared, and cases need more of them on average."""
    NOBODY_CAME = "nobody_came", "申报须到场而无人到场"
    """Visits are declared, and nobody ever came."""
    NEVER_AS_MANY = "never_as_many", "申报次数从未用满"
    """Somebody came, but nobody ever needed as many net visits as are declared."""
    NOBODY_ONLINE = "nobody_online", "申报全程网办而无人网办"
    """全程网办 is declared, and nobody ever filed online by themselves."""


class DeclaredItem(NamedTuple):
    """One version of an item (事项), and what the closed cases needed that were accepted under it.

    Cases of packages are not here: their visits are measured on the package.
    """

    log: str
    item: str
    item_version: int
    name_zh: str | None
    """None where the catalogue that is loaded does not know this version."""
    declared_visits: int
    """到办事现场次数."""
    fully_online: bool | None
    """全程网办: depth 5, 6 or 7; None where the catalogue does not know."""
    cases: int
    online: int
    """How many of them the applicant filed online."""
    mean_net: tuple[int, int]
    """Net trips, and cases."""
    mean_gross: tuple[int, int]
    """All trips, and cases."""
    more: tuple[str, ...]
    """Cases that needed more net trips than declared."""
    fewer: tuple[str, ...]
    """Cases that needed fewer."""
    contradiction: Contradiction | None
    against: tuple[str, ...]
    """The cases the contradiction rests on."""


class DeclaredTheme(NamedTuple):
    """One version of a theme (一件事), and what its closed packages needed."""

    log: str
    theme: str
    theme_version: int
    name_zh: str | None
    """None where the catalogue that is loaded does not know this version."""
    declared_visits: int
    """到办事现场次数 promised for the whole."""
    packages: int
    mean_net: tuple[int, int]
    """Net visits, and packages."""
    mean_gross: tuple[int, int]
    """All visits, and packages."""
    more: tuple[str, ...]
    """Packages that needed more net visits than declared."""
    fewer: tuple[str, ...]
    """Packages that needed fewer."""
    contradiction: Contradiction | None
    against: tuple[str, ...]
    """The packages the contradiction rests on."""


_CASES: Final = """
SELECT c.log, c.item, c.item_version, COALESCE(c.trips_promised, i.visits), i.name_zh, i.fully_online,
    c.case_id, c.trips_net, c.trips_gross, c.online
FROM case_facts AS c
LEFT JOIN item_facts AS i ON i.log = c.log AND i.item = c.item AND i.item_version = c.item_version
WHERE c.counted = 1 AND c.trips_unknown IS NULL AND c.package IS NULL AND c.item IS NOT NULL AND c.item_version IS NOT NULL
    AND COALESCE(c.trips_promised, i.visits) IS NOT NULL AND c.closed = 1 AND c.closed_on BETWEEN :since AND :until
    AND (CAST(:district AS TEXT) IS NULL OR c.log = :district)"""

_PACKAGES: Final = f"""
SELECT p.log, p.theme, p.theme_version, p.visits_promised, h.name_zh,
    p.package_id, p.net, p.gross
FROM {PACKAGES.relation.sql} AS p
LEFT JOIN theme_facts AS h ON h.log = p.log AND h.theme = p.theme AND h.theme_version = p.theme_version
WHERE {" AND ".join(f"({one})" for one in PACKAGES.where)} AND p.visits_promised IS NOT NULL
    AND p.closed_on BETWEEN :since AND :until
    AND (CAST(:district AS TEXT) IS NULL OR p.log = :district)"""  # noqa: S608 - our own names


class _Needed(NamedTuple):
    """What one case or package needed."""

    name: str
    net: int
    gross: int
    online: int = 0


def declared(tables: Tables, period: Period, *, district: str | None = None) -> tuple[DeclaredItem, ...]:
    """Each version of an item with cases closed in the period, in that order: what it declares, and what they needed.

    Left out are cases whose trips are not known, and those no figure counts (withdrawn, void).
    """
    found = []
    for (log, item, version, visits, name_zh, depth), needed in _grouped(tables, _CASES, period, district, keys=6):
        online = sum(one.online for one in needed)
        fully_online = None if depth is None else bool(depth)
        more, fewer = _apart(needed, visits)
        code = _contradiction(needed, visits, nobody_online=fully_online is True and not online)
        net, gross = _means(needed)
        against = _against(code, needed, more)
        found.append(
            DeclaredItem(
                log,
                item,
                version,
                name_zh,
                visits,
                fully_online,
                len(needed),
                online,
                net,
                gross,
                more,
                fewer,
                code,
                against,
            )
        )
    return tuple(found)


def declared_themes(tables: Tables, period: Period, *, district: str | None = None) -> tuple[DeclaredTheme, ...]:
    """Each version of a theme with packages closed in the period, in that order: what it declares, and what they needed."""
    found = []
    for (log, theme, version, visits, name_zh), needed in _grouped(tables, _PACKAGES, period, district, keys=5):
        more, fewer = _apart(needed, visits)
        code = _contradiction(needed, visits, nobody_online=False)
        net, gross = _means(needed)
        against = _against(code, needed, more)
        found.append(
            DeclaredTheme(log, theme, version, name_zh, visits, len(needed), net, gross, more, fewer, code, against)
        )
    return tuple(found)


def _grouped(
    tables: Tables, statement: str, period: Period, district: str | None, *, keys: int
) -> Iterator[tuple[tuple[Any, ...], list[_Needed]]]:
    """The rows of a query by their first columns, both in order."""
    if district is not None and not is_text(district):  # no log can be named so, and no database takes it
        return
    since, until = period.since or date.min, period.until or date.max
    groups: dict[tuple[Any, ...], list[_Needed]] = {}
    for row in tables.query(statement, since=since, until=until, district=district):
        groups.setdefault(tuple(row[:keys]), []).append(_Needed(*row[keys:]))
    for key in sorted(groups, key=lambda key: key[:4]):
        yield key, sorted(groups[key])


def _apart(needed: Iterable[_Needed], visits: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who needed more than declared, and who fewer."""
    found = tuple(needed)
    return tuple(one.name for one in found if one.net > visits), tuple(one.name for one in found if one.net < visits)


def _means(needed: Iterable[_Needed]) -> tuple[tuple[int, int], tuple[int, int]]:
    found = tuple(needed)
    return (sum(one.net for one in found), len(found)), (sum(one.gross for one in found), len(found))


def _contradiction(needed: Sequence[_Needed], visits: int, *, nobody_online: bool) -> Contradiction | None:
    (net, several), (gross, _) = _means(needed)
    if visits == 0 and net > 0:
        return Contradiction.TRIPS_THOUGH_NONE
    if net > visits * several:
        return Contradiction.MORE_ON_AVERAGE
    if visits > 0 and gross == 0:
        return Contradiction.NOBODY_CAME
    if all(one.net < visits for one in needed):
        return Contradiction.NEVER_AS_MANY
    return Contradiction.NOBODY_ONLINE if nobody_online else None


def _against(code: Contradiction | None, needed: Iterable[_Needed], more: tuple[str, ...]) -> tuple[str, ...]:
    match code:
        case None:
            return ()
        case Contradiction.TRIPS_THOUGH_NONE | Contradiction.MORE_ON_AVERAGE:
            return more
        case Contradiction.NOBODY_CAME | Contradiction.NEVER_AS_MANY | Contradiction.NOBODY_ONLINE:
            return tuple(one.name for one in needed)
