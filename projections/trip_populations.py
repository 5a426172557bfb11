"""Whose trips (跑动) are counted: cases with their trips, with their shares of visits, and packages (一件事) with visits."""

from dataclasses import replace
from typing import Final

from casecore.reading.visits import WEIGHT
from casecore.vocabulary import TripsUnknown, TripVerdict
from projections.indicator import Join, Population, Relation, fact_table
from projections.populations import CASE_COLUMNS, CLOSED, KNOWN, UNRECORDED

__all__ = [
    "CLOSED_PACKAGES",
    "FIRST_OF_CASE",
    "INHERITED",
    "INHERITED_SHARE",
    "KNOWN_WHOLE",
    "MEMBERS",
    "PACKAGES",
    "PARTS",
    "SHARE",
    "SHARED_OUT",
    "TRIPS",
    "VISITED_PACKAGES",
    "WITH_TRIPS",
]

PARTS: Final = 720_720
"""How many parts a visit has when it is shared out: divisible by every number up to 16, so that up to 16 share alike."""

_OF_TRIPS: Final = frozenset({"case_facts", "trip_facts"})

_UNTOLD: Final = (
    f"CASE WHEN {{0}}.trips_unknown IS NULL OR {{0}}.trips_unknown = '{TripsUnknown.PENDING.value}' THEN 0 ELSE 1 END"
)
"""1 where visits of a case may be missing from what was recorded. What is pending for a case need not be for its package."""
KNOWN_WHOLE: Final = "{0}.unknown = 0 AND ({0}.net > 0 OR {0}.owed = 0)"
"""Whether the trips of a package are known: as casecore.reading.presence says."""

# --- Cases with their trips ---

_ITS_TRIPS: Final = Join(
    relation=fact_table("trip_facts"), alias="t", on="t.log = c.log AND t.case_id = c.case_id AND t.gross = 1"
)

WITH_TRIPS: Final = KNOWN.joined(replace(_ITS_TRIPS, optional=True))

# --- Cases with their shares of visits ---


def _shared_out(whole: str, among: str, place: str) -> str:
    """A whole number shared out among several, the first getting one more where it does not go: the shares add up to it."""
    return f"{whole} / {among} + CASE WHEN {place} <= {whole} - {among} * ({whole} / {among}) THEN 1 ELSE 0 END"


_GROUPED: Final = (
    "b.log, b.case_id, b.department, b.item, b.hall, b.tier, b.channel, b.package, b.theme, b.rule_version, b.calendar"
)

# Joined case by case, over the index of their rows: a database that knows nothing of a table's size yet joins sums badly.
SHARED_OUT: Final = replace(
    KNOWN,
    relation=Relation(
        f"""(
    SELECT {_GROUPED}, b.closed, b.closed_on, b.trips_unknown, b.counted, t.visit,
        DENSE_RANK() OVER served AS place,
        DENSE_RANK() OVER (PARTITION BY b.log, t.visit ORDER BY b.case_id DESC) AS from_last,
        CASE WHEN b.case_id = LAG(b.case_id) OVER served THEN 1 ELSE 0 END AS told_again
    FROM case_facts AS b
    LEFT JOIN trip_facts AS t ON t.log = b.log AND t.case_id = b.case_id AND t.gross = 1
    WHERE b.counted = 1
    WINDOW served AS (PARTITION BY b.log, t.visit ORDER BY b.case_id)
)""",  # noqa: S608 - our own names
        _OF_TRIPS,
    ),
    columns=CASE_COLUMNS,
)
"""Cases whose trips are known, a row for each visit that was made for them, and one for a case without any."""

SHARE: Final = _shared_out(str(PARTS), "(c.place + c.from_last - 1)", "c.place")
"""Of its visit, what a row of ``SHARED_OUT`` gets."""

FIRST_OF_CASE: Final = """c.told_again = 0 AND NOT EXISTS (
    SELECT 1 FROM trip_facts AS u WHERE u.log = c.log AND u.case_id = c.case_id AND u.gross = 1 AND u.visit < c.visit
)"""
"""Whether a row of ``SHARED_OUT`` is the one its case is counted by: every case has exactly one."""

MEMBERS: Final = replace(
    CLOSED,
    told="closed cases of packages (一件事), by closing date",
    relation=Relation(
        f"""(
    SELECT d.*,
        {PARTS} * SUM(d.first_of_visit) OVER (PARTITION BY d.log, d.package) AS whole,
        SUM(d.first_of_case) OVER (PARTITION BY d.log, d.package) AS among,
        MAX(d.untold) OVER (PARTITION BY d.log, d.package) AS unknown,
        MAX(d.came) OVER (PARTITION BY d.log, d.package) AS net,
        MAX(d.result_owed) OVER (PARTITION BY d.log, d.package) AS owed
    FROM (
        SELECT {_GROUPED}, b.closed, b.closed_on, b.counted, b.result_owed, {_UNTOLD.format("b")} AS untold,
            COALESCE(t.net, 0) AS came,
            DENSE_RANK() OVER (PARTITION BY b.log, b.package ORDER BY b.case_id) AS place,
            CASE WHEN ROW_NUMBER() OVER (PARTITION BY b.log, b.case_id ORDER BY t.visit) = 1 THEN 1 ELSE 0 END
                AS first_of_case,
            CASE WHEN t.visit IS NOT NULL
                AND ROW_NUMBER() OVER (PARTITION BY b.log, b.package, t.visit ORDER BY b.case_id) = 1
                THEN 1 ELSE 0 END AS first_of_visit
        FROM case_facts AS b
        LEFT JOIN trip_facts AS t ON t.log = b.log AND t.case_id = b.case_id AND t.gross = 1
        WHERE b.package IS NOT NULL AND b.counted = 1
    ) AS d
)""",  # noqa: S608 - our own names
        _OF_TRIPS,
    ),
    where=("c.first_of_case = 1", *CLOSED.where),
    columns=CASE_COLUMNS,
)
"""Cases of packages, each once, with the number of visits their package is to share out and among how many."""

INHERITED: Final = MEMBERS.narrowed(
    KNOWN_WHOLE.format("c"), told="closed cases of packages (一件事) whose trips are known, by closing date"
)


INHERITED_SHARE: Final = _shared_out("c.whole", "c.among", "c.place")
"""Of the visits of its package, what a row of ``INHERITED`` gets."""

# --- Visits as they count against a promise: a case's own, or that of its package as a whole (一件事) ---

_ITS_CASES: Final = "m.log = q.log AND m.package_id = q.package_id"

# What is beyond one case's promise may be within the package's; casecore.reading.visits says the same, visit by visit.
_FOUND: Final = f"CASE t.verdict WHEN '{TripVerdict.OPTIONAL.value}' THEN '{TripVerdict.PROMISED.value}' ELSE t.verdict END"
_WEIGHED: Final = " ".join(f"WHEN '{verdict.value}' THEN {weight}" for weight, verdict in enumerate(WEIGHT))
_TOLD: Final = _GROUPED.replace("b.", "") + ", closed, closed_on"

_VISITS_OF_PACKAGES: Final = f"""
    SELECT v.*, CASE WHEN v.weight = 0 AND v.net = 1 THEN 1 ELSE 0 END AS uses
    FROM (
        SELECT {_GROUPED}, q.package_id, q.closed, q.closed_on, q.visits_promised, t.visit, {_FOUND} AS verdict,
            CASE {_FOUND} {_WEIGHED} END AS weight,
            MAX({_UNTOLD.format("b")}) OVER whole AS unknown, MAX(COALESCE(t.net, 0)) OVER whole AS net_of_whole,
            MAX(b.result_owed) OVER whole AS owed,
            MAX(t.gross) OVER visit AS gross, MAX(t.net) OVER visit AS net, MIN(t.made_at) OVER visit AS first_at,
            ROW_NUMBER() OVER (
                PARTITION BY q.log, q.package_id, t.visit ORDER BY CASE {_FOUND} {_WEIGHED} END, t.made_at, b.case_id
            ) AS nth
        FROM package_facts AS q
        JOIN member_facts AS m ON {_ITS_CASES}
        JOIN case_facts AS b ON b.log = m.log AND b.case_id = m.case_id AND b.counted = 1
        LEFT JOIN trip_facts AS t ON t.log = b.log AND t.case_id = b.case_id
        WINDOW visit AS (PARTITION BY q.log, q.package_id, t.visit), whole AS (PARTITION BY q.log, q.package_id)
    ) AS v
    WHERE v.nth = 1 AND v.visit IS NOT NULL"""  # noqa: S608 - our own names

TRIPS: Final = replace(
    KNOWN,
    told="trips of closed cases whose trips are known, and visits of closed packages (一件事) whose trips are, each once,"
    " by closing date",
    relation=Relation(
        f"""(
    SELECT {_GROUPED}, b.closed, b.closed_on, CASE WHEN b.trips_unknown IS NULL THEN 1 ELSE 0 END AS known,
        t.gross, t.verdict
    FROM case_facts AS b
    JOIN trip_facts AS t ON t.log = b.log AND t.case_id = b.case_id
    WHERE b.counted = 1 AND NOT EXISTS (
        SELECT 1 FROM member_facts AS m WHERE m.log = b.log AND m.package_id = b.package AND m.case_id = b.case_id
    )
    UNION ALL
    SELECT {_TOLD},
        CASE WHEN o.unknown = 0 AND (o.net_of_whole > 0 OR o.owed = 0) THEN 1 ELSE 0 END AS known, o.gross,
        CASE WHEN o.uses = 1 AND ROW_NUMBER() OVER (
            PARTITION BY o.log, o.package_id, o.uses ORDER BY o.first_at, o.visit
        ) > o.visits_promised THEN '{TripVerdict.OPTIONAL.value}' ELSE o.verdict END AS verdict
    FROM ({_VISITS_OF_PACKAGES}
    ) AS o
)""",  # noqa: S608 - our own names
        _OF_TRIPS | {"package_facts", "member_facts"},
    ),
    where=("c.closed = 1", "c.known = 1", "c.gross = 1"),
    columns=CASE_COLUMNS,
)
"""Each against what was promised for it; a package's visit stands at the case that needed it most."""

# --- Packages with the visits made for them ---


def _visits(which: str = "t.visit") -> str:
    """How many visits were made for the cases of a package."""
    return f"""(
    SELECT COUNT(DISTINCT {which})
    FROM member_facts AS m
    JOIN case_facts AS v ON v.log = m.log AND v.case_id = m.case_id AND v.counted = 1
    JOIN trip_facts AS t ON t.log = v.log AND t.case_id = v.case_id AND t.gross = 1
    WHERE m.log = q.log AND m.package_id = q.package_id
)"""  # noqa: S608 - our own names


def _cases(what: str) -> str:
    """What the cases of a package that count add up to."""
    return f"""(
    SELECT {what}
    FROM member_facts AS m
    JOIN case_facts AS v ON v.log = m.log AND v.case_id = m.case_id AND v.counted = 1
    WHERE m.log = q.log AND m.package_id = q.package_id
)"""  # noqa: S608 - our own names


VISITED_PACKAGES: Final = Relation(
    f"""(
SELECT q.*,
    {_visits()} AS gross,
    {_visits("CASE WHEN t.net = 1 THEN t.visit END")} AS net,
    {_cases("COUNT(*)")} AS counted,
    {_cases(f"SUM({_UNTOLD.format('v')})")} AS unknown,
    {_cases("SUM(v.result_owed)")} AS owed
FROM package_facts AS q
)""",  # noqa: S608 - our own names
    _OF_TRIPS | {"package_facts", "member_facts"},
)
"""Packages with the visits made for their cases: all (gross), and those that count against "at most one visit" (net)."""

CLOSED_PACKAGES: Final = Population(
    told="closed packages (一件事) that were accepted and have a case that counts, by closing date",
    relation=VISITED_PACKAGES,
    alias="p",
    where=("p.closed = 1", "p.accepted_on IS NOT NULL", "p.counted > 0"),
    dated="p.closed_on",
    columns={
        "district": "p.log",
        **{name: f"COALESCE(p.{name}, '{UNRECORDED}')" for name in ("hall", "tier", "channel", "theme")},
    },
)

PACKAGES: Final = CLOSED_PACKAGES.narrowed(
    KNOWN_WHOLE.format("p"),
    told="closed packages (一件事) that were accepted and have a case that counts, whose trips are known, by closing date",
)
