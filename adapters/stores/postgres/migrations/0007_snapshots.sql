-- Snapshots: the file of a long stream as it was with one of its facts, so that it need not be folded from the first. Derived
-- and disposable: any may be deleted at any time. "digest" and "recorded_at" are those of the fact at "version".
CREATE TABLE casecore_snapshots (
    log         text   NOT NULL,
    stream      text   NOT NULL,
    version     bigint NOT NULL,
    digest      bytea  NOT NULL,
    recorded_at bigint NOT NULL,
    epoch       bigint NOT NULL,
    program     bytea  NOT NULL,
    seal        bytea  NOT NULL,
    state       bytea  NOT NULL,
    PRIMARY KEY (log, stream)
);

-- Who writes the ledger, or reads it, does so here at once, before the roles are given anew: every command looks here.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT DISTINCT a.grantee::regrole AS role, a.privilege_type AS may
        FROM pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = 'casecore_epochs'::regclass AND a.privilege_type IN ('SELECT', 'INSERT') AND a.grantee <> 0
    LOOP
        EXECUTE format('GRANT %s ON casecore_snapshots TO %s',
            CASE held.may WHEN 'INSERT' THEN 'INSERT, UPDATE' ELSE held.may END, held.role);
    END LOOP;
END
$$;
