#!/bin/sh
# orjson: what dumps returns keeps the buffer it was written into; 24 bytes of an event hold 4 KiB as long as they are kept.
#
# Expected, from orjson's README ("dumps() serializes Python objects to JSON … the output is a bytes object") and Python's documentation of
# sys.getsizeof (the size of an object in bytes, accurate for built-in types): an object of n bytes holds about n bytes and a header, so that a
# batch of ten thousand events, kept until it is written, holds what it writes.
# Happens: the buffer is not trimmed to what was written. A result of 24 bytes holds 1 KiB with orjson 3.11.5 and 4 KiB with 3.12.0 and 3.13.0,
# larger ones up to a multiple; sys.getsizeof says 57. A copy holds what it shows. Whoever serializes and lets go at once need not care.
# Seen with 3.11.5, 3.12.0 and 3.13.0 on CPython 3.11. casecore copies what a batch keeps (adapters/wire.py, adapters/importing/staging.py).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
cat > "$folder/tried.py" <<'PYTHON'
import sys
import tracemalloc

import orjson


def held(make):
    """How many bytes one of many results holds, by Python's own account."""
    tracemalloc.start()
    kept = [make(number) for number in range(20_000)]
    each = tracemalloc.get_traced_memory()[0] // len(kept)
    tracemalloc.stop()
    return each, kept[0]


def event(number):
    return orjson.dumps(["C-%05d" % number, "2026-03-02"])


each, one = held(event)
copied, _ = held(lambda number: memoryview(event(number)).tobytes())
print(f"orjson {orjson.__version__}: {len(one)} bytes, getsizeof {sys.getsizeof(one)}, holds {each}; a copy holds {copied}")
sys.exit(0 if each >= int(sys.argv[1]) and copied < 200 else 1)
PYTHON
for pinned in "3.11.5 1000" "3.13.0 4000"; do
    set -- $pinned
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "orjson==$1" 2>/dev/null
    "$folder/venv/bin/python" "$folder/tried.py" "$2"
done
