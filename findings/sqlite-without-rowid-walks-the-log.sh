#!/bin/sh
# SQLite: in a WITHOUT ROWID table of events, a look-up of one stream passes its unique index over and walks the whole log.
#
# Expected, from SQLite's "Query Planning" (sqlite.org/queryplanner.html, multi-column indices: of two indices that fit, the one with more of
# the asked columns leads to fewer rows) and "Clustered Indexes and the WITHOUT ROWID Optimization" (a faster way to store the same table): a
# query on log, stream and version uses the unique index on (log, stream, version), in either kind of table.
# Happens: where nobody has run ANALYZE, the primary key (log, position) is taken, of which only the log is asked: every event of the log is
# read. It does so for a list of streams (IN over json_each) with the version equated too, and for one stream alone. In a table with
# rowids, after ANALYZE, and with INDEXED BY, both use the index.
# Seen with SQLite 3.54.1 (apsw 3.54.1.0) and 3.40.1. casecore names the index in every such look-up, and tests/adapters/test_sqlite_plans.py
# asks for the plan of each: one look-up of a first fact in a log of 252,000 took 113 ms without, and 14 µs with it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0 2>/dev/null
cat > "$folder/tried.py" <<'PYTHON'
import json
import sys

import apsw

print("SQLite", apsw.sqlite_lib_version())
ASKED = {
    "several, first version": "SELECT body FROM events {} WHERE log = ? AND stream IN (SELECT value FROM json_each(?)) AND version = 1",
    "one, every version": "SELECT body FROM events {} WHERE log = ? AND stream = json_extract(?, '$[0]')",
}
walked = {}
for kind in ("", "WITHOUT ROWID"):
    log = apsw.Connection(":memory:")
    log.execute(
        "CREATE TABLE events (log TEXT NOT NULL, position INTEGER NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL,"
        f" body TEXT, PRIMARY KEY (log, position)) {kind}"
    )
    log.execute("CREATE UNIQUE INDEX by_stream ON events (log, stream, version)")
    log.execute(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)"
        " INSERT INTO events SELECT 'L', i, 'case ' || (i / 4), i % 4 + 1, 'said' FROM n"
    )
    for when in ("fresh", "named", "analyzed"):
        if when == "analyzed":
            log.execute("ANALYZE")
        for name, sql in ASKED.items():
            query = sql.format("INDEXED BY by_stream" if when == "named" else "")
            steps = []
            log.set_progress_handler(lambda: bool(steps.append(1)), 1)
            log.execute(query, ("L", json.dumps(["case 7"]))).fetchall()
            log.set_progress_handler(None)
            plan = next(iter(log.execute("EXPLAIN QUERY PLAN " + query, ("L", "[]"))))[3]
            walked[kind, when, name] = len(steps) > 10_000
            print(f"{kind or 'with rowid':13} {when:9} {name:22} {len(steps):>9,} steps  {plan}")
only = {key for key, whole in walked.items() if whole}
sys.exit(0 if only == {("WITHOUT ROWID", "fresh", name) for name in ASKED} else 1)
PYTHON
"$folder/venv/bin/python" "$folder/tried.py"
