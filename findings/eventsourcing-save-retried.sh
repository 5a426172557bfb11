#!/bin/sh
# eventsourcing: a save that failed cannot be retried with the same aggregate, and what is saved next cannot be read again.
#
# Expected, from the docstring of Application.save (pending events are collected, then put into the event store): where the
# database was locked for a moment and save() raised, the events are pending still, and saving the aggregate once more records
# them. Were they lost, optimistic concurrency control would refuse what comes after the missing version.
# Happens: collecting has emptied the list of pending events before anything is recorded. The second save() records nothing
# and raises nothing. The next event is recorded at a version that leaves a gap, which no recorder minds, and from then on
# the aggregate cannot be reconstructed by anybody: OriginatorVersionError.
# Seen with eventsourcing 9.5.6 on SQLite. casecore saves no aggregate objects: what could not be appended is decided anew from
# the log, and its stores refuse a version whose predecessor is not there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check eventsourcing==9.5.6
cd "$folder"
cat > tried.py <<'PYTHON'
import sqlite3
from importlib.metadata import version

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

class Case(Aggregate):
    @event("Received")
    def __init__(self):
        self.notes = []

    @event("Noted")
    def note(self, text):
        self.notes.append(text)


app = Application(env={
    "PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": "cases.db", "SQLITE_LOCK_TIMEOUT": "1",
})
case = Case()
app.save(case)
other = sqlite3.connect("cases.db", isolation_level=None)
other.execute("BEGIN IMMEDIATE")  # somebody else writes for a moment
case.note("first")
try:
    app.save(case)
except Exception as error:
    print(f"eventsourcing {version('eventsourcing')}: save raised {type(error).__name__}: {error}")
other.execute("ROLLBACK")
again = app.save(case)
print(f"saved once more: {len(again)} events recorded, no error")
case.note("second")
print(f"then: recorded at version {app.save(case)[0].domain_event.originator_version}, no error")
try:
    print("read again:", app.repository.get(case.id).notes)
    raise SystemExit("it can be read: the behaviour has changed")
except Exception as error:
    print(f"read again: {type(error).__name__}: {error}")
raise SystemExit(0 if not again else "the behaviour has changed")
PYTHON
"$folder/venv/bin/python" tried.py
