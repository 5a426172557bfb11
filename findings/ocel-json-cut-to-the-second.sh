#!/bin/sh
# pm4py: an OCEL 2.0 log keeps fractions of a second as XML and as SQLite, and loses them as JSON.
#
# Expected, from the OCEL 2.0 specification (event times are ISO 8601 instants, and JSON, XML and SQLite carry the same log): two
# events 500 ms apart are 500 ms apart in all three files.
# Happens: write_ocel2_json writes every instant cut to the second, and says nothing. Both events then bear the same instant, and
# which came first is no longer in the file; write_ocel2_xml and write_ocel2_sqlite of the same log keep the microseconds.
# Seen with pm4py 2.7.23.11. casecore takes events of one instant in the order of the file, and its guide to mappings says that a
# JSON log written by pm4py is good to the second: import the SQLite file where both are there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pm4py==2.7.23.11
cd "$folder"
cat > tried.py <<'PYTHON'
import json
import re
import sqlite3
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")
import pandas
import pm4py
from pm4py.objects.ocel.obj import OCEL

told = ["2026-03-02T09:00:00.250Z", "2026-03-02T09:00:00.750Z"]
events = pandas.DataFrame({
    "ocel:eid": ["e1", "e2"], "ocel:timestamp": pandas.to_datetime(told), "ocel:activity": ["received", "accepted"],
})
objects = pandas.DataFrame({"ocel:oid": ["C-1"], "ocel:type": ["case"]})
related = events.assign(**{"ocel:oid": "C-1", "ocel:type": "case", "ocel:qualifier": "of"})
log = OCEL(events=events, objects=objects, relations=related)
pm4py.write_ocel2_json(log, "log.json")
pm4py.write_ocel2_xml(log, "log.xml")
pm4py.write_ocel2_sqlite(log, "log.sqlite")

as_json = [one["time"] for one in json.loads(Path("log.json").read_text())["events"]]
as_xml = re.findall(r'<event [^>]*time="([^"]*)"', Path("log.xml").read_text())
rows = sqlite3.connect("log.sqlite")
as_sqlite = [rows.execute(f"SELECT ocel_time FROM event_{name}").fetchone()[0] for name in ("Received", "Accepted")]
print("pm4py", version("pm4py"))
print("told    ", told)
print("JSON    ", as_json)
print("XML     ", as_xml)
print("SQLite  ", as_sqlite)
kept = all(".250" in two[0] and ".750" in two[1] for two in (as_xml, as_sqlite))
sys.exit(0 if kept and len(set(as_json)) == 1 else 1)
PYTHON
venv/bin/python tried.py 2>/dev/null
