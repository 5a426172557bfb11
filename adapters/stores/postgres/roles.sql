-- Least privilege on PostgreSQL: four group roles (NOLOGIN), to be granted to the logins of your programs.
--
--   {owner}     owns the tables: migrates, follows, rebuilds
--   {writer}    a hall's backend: appends to the ledger and reads it, changes nothing
--   {auditor}   reads the ledger: facts, heads, receipts
--   {reporter}  reads the fact tables and dimensions, which name no person
--
-- Run it in the database and schema casecore uses, as a superuser, after `casecore migrate`; again after each upgrade and
-- as often as you like: it gives what is written here and takes everything else.
--
--   CREATE ROLE hall_7 LOGIN IN ROLE {writer};
--   CREATE ROLE keeper LOGIN IN ROLE {owner};
--   ALTER ROLE keeper SET role = {owner};      -- so that what it makes belongs to the group

BEGIN;

-- Somebody else's long transaction makes this fail, not everybody wait.
SET LOCAL lock_timeout = '2s';

DO $$
DECLARE
    name text;
BEGIN
    IF to_regclass('casecore_events') IS NULL THEN
        RAISE EXCEPTION 'no casecore tables in schema %: run casecore migrate first', current_schema();
    END IF;
    FOREACH name IN ARRAY ARRAY[{roles}] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
END
$$;

-- What PUBLIC may do in any database, and what is here already.
DO $$
DECLARE
    found record;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {owner}, {writer}, {auditor}, {reporter}', current_database());
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, {writer}, {auditor}, {reporter}', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {writer}, {auditor}, {reporter}', current_schema());
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO {owner}', current_schema());
    FOR found IN
        SELECT format('%I.%I', current_schema(), c.relname) AS relation, c.relowner = to_regrole({owner_name}) AS owned
        FROM pg_class AS c
        WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind IN ('r', 'p', 'v')
            AND c.relname ~ {ours}
    LOOP
        IF NOT found.owned THEN
            EXECUTE format('ALTER TABLE %s OWNER TO {owner}', found.relation);
        END IF;
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, {writer}, {auditor}, {reporter}', found.relation);
    END LOOP;
    FOR found IN
        SELECT p.oid::regprocedure AS routine FROM pg_proc AS p
        WHERE p.pronamespace = to_regnamespace(quote_ident(current_schema())) AND p.proname ~ '^casecore_'
    LOOP
        EXECUTE format('ALTER ROUTINE %s OWNER TO {owner}', found.routine);
        EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC, {writer}, {auditor}, {reporter}', found.routine);
    END LOOP;
END
$$;

-- Number and name of each migration: a program asks them whether it fits the database.
GRANT SELECT ON casecore_migrations TO {writer}, {auditor}, {reporter};

GRANT SELECT, INSERT ON casecore_events, casecore_receipts, casecore_heads, casecore_epochs TO {writer};
GRANT UPDATE (position, hash, recorded_at) ON casecore_heads TO {writer};
GRANT SELECT, INSERT, UPDATE ON casecore_snapshots, casecore_looked TO {writer};
GRANT SELECT, INSERT, UPDATE, DELETE ON casecore_looks TO {writer};
GRANT EXECUTE ON FUNCTION casecore_assert_standing(text, text[], bigint[]) TO {writer};

GRANT SELECT ON casecore_events, casecore_receipts, casecore_heads, casecore_epochs, casecore_snapshots TO {auditor};
GRANT SELECT, INSERT ON casecore_checkpoints TO {auditor};  -- that he took one, and when

-- Who reads the registry of fact tables is given each fact table as it is made; those that are there, here.
GRANT SELECT ON casecore_tables TO {reporter};

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[{facts}] LOOP
        IF to_regclass(name) IS NOT NULL THEN
            EXECUTE format('GRANT SELECT ON %I TO {reporter}', name);
        END IF;
    END LOOP;
END
$$;

COMMIT;
