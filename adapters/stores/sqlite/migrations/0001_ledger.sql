-- The ledger: one row an event, one head a district log, one receipt a command.
CREATE TABLE casecore_events (
    log                TEXT    NOT NULL,
    position           INTEGER NOT NULL,
    originator_id      TEXT    NOT NULL,
    originator_version INTEGER NOT NULL,
    topic              TEXT    NOT NULL,
    state              BLOB    NOT NULL,
    digest             BLOB    NOT NULL,
    recorded_at        INTEGER NOT NULL,
    PRIMARY KEY (log, position)
) WITHOUT ROWID;

CREATE UNIQUE INDEX casecore_events_stream ON casecore_events (log, originator_id, originator_version);

CREATE TABLE casecore_heads (
    log         TEXT    NOT NULL PRIMARY KEY,
    position    INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    recorded_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE casecore_receipts (
    log         TEXT    NOT NULL,
    command_id  TEXT    NOT NULL,
    stream      TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (log, command_id)
) WITHOUT ROWID;

CREATE INDEX casecore_receipts_position ON casecore_receipts (log, position);
