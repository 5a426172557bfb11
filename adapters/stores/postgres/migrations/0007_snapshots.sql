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
