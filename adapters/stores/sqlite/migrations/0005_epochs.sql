-- The epochs of each log: the second begins where a restored file is first written to, and so on. A log without a row is in
-- its first. "timeline" is a server's, and nothing here; "began_at" is microseconds since 1970, UTC.
CREATE TABLE casecore_epochs (
    log      TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    timeline INTEGER,
    position INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    began_at INTEGER NOT NULL,
    why      TEXT    NOT NULL,
    PRIMARY KEY (log, epoch)
) WITHOUT ROWID;

CREATE TRIGGER casecore_epochs_no_update BEFORE UPDATE ON casecore_epochs
BEGIN SELECT RAISE(ABORT, 'casecore_epochs: UPDATE is refused, what is written stays'); END;

CREATE TRIGGER casecore_epochs_no_delete BEFORE DELETE ON casecore_epochs
BEGIN SELECT RAISE(ABORT, 'casecore_epochs: DELETE is refused, what is written stays'); END;

-- What stands in the log where the rows of a generation have come to, and since when: beside the position of
-- casecore_tracking, which is of the shape the eventsourcing library expects.
CREATE TABLE casecore_marks (
    application_name TEXT    NOT NULL PRIMARY KEY,
    position         INTEGER NOT NULL,
    leaf             TEXT    NOT NULL,
    epoch            INTEGER NOT NULL,
    moved_at         INTEGER NOT NULL
) WITHOUT ROWID;

-- Which checkpoints were taken, and when: they themselves are kept elsewhere.
CREATE TABLE casecore_checkpoints (
    log      TEXT    NOT NULL,
    taken_at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    PRIMARY KEY (log, taken_at)
) WITHOUT ROWID;
