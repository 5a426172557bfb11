#!/bin/sh
# SQLite: a writer that waits with a busy timeout is passed over again and again by one that has just committed, until it gives up.
#
# Expected, from "Set A Busy Timeout" (sqlite.org/c3ref/busy_timeout.html: the handler sleeps several times, until the time is used up, "when a
# table is locked") and "Write-Ahead Logging" (sqlite.org/wal.html: one writer at a time): who waits three seconds for a lock that is let go
# dozens of times meanwhile comes to write, soon after the first of them.
# Happens: there is no queue. Who waits looks again after pauses that grow to a tenth of a second; who has just committed takes the lock again
# within microseconds. So it is free at no moment somebody looks, and BEGIN IMMEDIATE ends with "database is locked", though in those three
# seconds the other committed some sixty times.
# Seen with SQLite 3.54.1 (apsw 3.54.1.0), two processes, WAL. casecore's writers queue at a file beside the store before they ask for SQLite's
# lock: tests/adapters/test_sqlite_turns.py, with a control that leaves the queue out.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0 2>/dev/null
cat > "$folder/tried.py" <<'PYTHON'
import multiprocessing
import sys
import time

import apsw

HELD, WAITED, TIMES = 0.05, 3000, 5


def greedy(path, told):
    log = apsw.Connection(path)
    while True:
        log.execute("BEGIN IMMEDIATE")
        log.execute("INSERT INTO events VALUES (1)")
        time.sleep(HELD)  # what else belongs to the transaction
        log.execute("COMMIT")
        told.value += 1

print("SQLite", apsw.sqlite_lib_version())
path = sys.argv[1]
patient = apsw.Connection(path)
patient.execute("PRAGMA journal_mode = WAL; CREATE TABLE events (body)").fetchall()
patient.set_busy_timeout(WAITED)
told = multiprocessing.Value("i", 0)
other = multiprocessing.Process(target=greedy, args=(path, told))
other.start()
while told.value < 3:
    time.sleep(HELD)
gave_up = 0
for _ in range(TIMES):
    before, began = told.value, time.monotonic()
    try:
        patient.execute("BEGIN IMMEDIATE")
        patient.execute("ROLLBACK")
        came = "wrote"
    except apsw.BusyError as error:
        came, gave_up = str(error), gave_up + 1
    print(f"waited {time.monotonic() - began:.1f} s, in which the other committed {told.value - before} times: {came}")
other.kill()
sys.exit(0 if gave_up >= TIMES - 1 else 1)
PYTHON
"$folder/venv/bin/python" "$folder/tried.py" "$folder/events.db"
