-- When the streams of a log are to be looked at next, for time alone may bring them something, and what that was found by.
-- Derived and disposable: any row may be deleted at any time, and where one is, none is believed.
CREATE TABLE casecore_looked (
    log         text   NOT NULL PRIMARY KEY,
    number      bigint NOT NULL,
    position    bigint NOT NULL,
    digest      bytea  NOT NULL,
    recorded_at bigint NOT NULL,
    epoch       bigint NOT NULL,
    program     bytea  NOT NULL,
    rests_on    text   NOT NULL,
    looked_at   bigint NOT NULL,
    streams     bigint NOT NULL
);

CREATE TABLE casecore_looks (
    log     text   NOT NULL,
    stream  text   NOT NULL,
    look_at bigint NOT NULL,
    PRIMARY KEY (log, stream)
);

CREATE INDEX casecore_looks_at ON casecore_looks (log, look_at);

-- Who writes the ledger does so here at once, before the roles are given anew: every tick looks here.
DO $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT DISTINCT a.grantee::regrole AS role
        FROM pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = 'casecore_epochs'::regclass AND a.privilege_type = 'INSERT' AND a.grantee <> 0
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON casecore_looked TO %s', held.role);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON casecore_looks TO %s', held.role);
    END LOOP;
END
$$;
