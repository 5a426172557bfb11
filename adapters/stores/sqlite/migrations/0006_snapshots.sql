-- Snapshots: the file of a long stream as it was with one of its facts, so that it need not be folded from the first. Derived
-- and disposable: any may be deleted at any time. "digest" and "recorded_at" are those of the fact at "version".
CREATE TABLE casecore_snapshots (
    log         TEXT    NOT NULL,
    stream      TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    digest      BLOB    NOT NULL,
    recorded_at INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    program     BLOB    NOT NULL,
    seal        BLOB    NOT NULL,
    state       BLOB    NOT NULL,
    PRIMARY KEY (log, stream)
);
