"""What a PostgreSQL server says of the pages of our ledger: its checksums, and its extension ``amcheck``."""

from typing import Final

from psycopg import errors, sql

from adapters.stores.postgres.schema import connected
from adapters.stores.store import Pages

__all__ = ["pages"]

FAILURES: Final = """
SELECT current_setting('data_checksums') = 'on', coalesce(checksum_failures, 0)
FROM pg_stat_database WHERE datname = current_database()
"""
EXTENSION: Final = """
SELECT n.nspname, bool_and(has_function_privilege(p.oid, 'execute'))
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname IN ('bt_index_check', 'verify_heapam')
WHERE e.extname = 'amcheck'
GROUP BY n.nspname
"""
RELATIONS: Final = """
SELECT c.oid::regclass::text, c.relkind = 'i'
FROM pg_class c
LEFT JOIN pg_am a ON a.oid = c.relam
WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema()))
    AND c.relname ~ '^casecore_' AND (c.relkind = 'r' OR (c.relkind = 'i' AND a.amname = 'btree'))
ORDER BY 1
"""
INDEX: Final = "SELECT {schema}.bt_index_check({relation}::regclass, true)"
"""Whether its pages are in order, and every row of the table is in it."""
HEAP: Final = "SELECT blkno, msg FROM {schema}.verify_heapam({relation}::regclass, on_error_stop => true) LIMIT 1"
DAMAGED: Final = (errors.IndexCorrupted, errors.DataCorrupted)


def pages(url: str) -> Pages:
    """What the server says of the tables and indexes of the ledger.

    ``amcheck`` is PostgreSQL's own extension, there where an owner of the database created it and we may call it; without
    it only what the server's checksums have met is known. Raises the library's errors.
    """
    with connected(url) as connection:
        ((checked, failures),) = connection.execute(FAILURES).fetchall()
        looked_by = "the server's checksums" if checked else "nothing: data_checksums is off"
        if failures:
            return Pages(looked_by, f"{failures} pages did not match their checksums since the server counts them")
        extension = connection.execute(EXTENSION).fetchall()
        if not extension:
            return Pages(f"{looked_by}; amcheck is not there (CREATE EXTENSION amcheck)", None)
        ((schema, allowed),) = extension
        if not allowed:
            return Pages(f"{looked_by}; this role may not call amcheck", None)
        looked_by = f"{looked_by} and amcheck" if checked else "amcheck"
        for relation, is_index in connection.execute(RELATIONS).fetchall():
            call = sql.SQL(INDEX if is_index else HEAP)
            asked = call.format(schema=sql.Identifier(schema), relation=sql.Literal(relation))
            try:
                found = connection.execute(asked).fetchall()
            except DAMAGED as error:
                return Pages(looked_by, f"{relation}: {error.diag.message_primary}")
            if found and not is_index:
                block, message = found[0]
                return Pages(looked_by, f"{relation}, block {block}: {message}")
        return Pages(looked_by, None)
