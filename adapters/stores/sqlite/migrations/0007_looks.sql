-- When the streams of a log are to be looked at next, for time alone may bring them something, and what that was found by.
-- Derived and disposable: any row may be deleted at any time, and where one is, none is believed.
CREATE TABLE casecore_looked (
    log         TEXT    NOT NULL PRIMARY KEY,
    number      INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    digest      BLOB    NOT NULL,
    recorded_at INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    program     BLOB    NOT NULL,
    rests_on    TEXT    NOT NULL,
    looked_at   INTEGER NOT NULL,
    streams     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE casecore_looks (
    log     TEXT    NOT NULL,
    stream  TEXT    NOT NULL,
    look_at INTEGER NOT NULL,
    PRIMARY KEY (log, stream)
) WITHOUT ROWID;

CREATE INDEX casecore_looks_at ON casecore_looks (log, look_at);
