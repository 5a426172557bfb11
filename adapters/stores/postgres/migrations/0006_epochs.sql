-- The epochs of each log: the second begins where a restored store, or a standby that was promoted, is first written to, and
-- so on. A log without a row is in its first. "timeline" is the server's, "began_at" microseconds since 1970, UTC.
CREATE TABLE casecore_epochs (
    log      text   NOT NULL,
    epoch    bigint NOT NULL,
    timeline bigint,
    position bigint NOT NULL,
    hash     bytea  NOT NULL,
    began_at bigint NOT NULL,
    why      text   NOT NULL,
    PRIMARY KEY (log, epoch)
);

CREATE TRIGGER casecore_epochs_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON casecore_epochs
    FOR EACH STATEMENT EXECUTE FUNCTION casecore_refuse();

ALTER TABLE casecore_epochs ENABLE ALWAYS TRIGGER casecore_epochs_stay;

-- What stands in the log where the rows of a generation have come to, and since when: beside the position of
-- casecore_tracking, which is of the shape the eventsourcing library expects.
CREATE TABLE casecore_marks (
    application_name text   NOT NULL PRIMARY KEY,
    position         bigint NOT NULL,
    leaf             text   NOT NULL,
    epoch            bigint NOT NULL,
    moved_at         bigint NOT NULL
);

-- Which checkpoints were taken, and when: they themselves are kept elsewhere.
CREATE TABLE casecore_checkpoints (
    log      text   NOT NULL,
    taken_at bigint NOT NULL,
    position bigint NOT NULL,
    epoch    bigint NOT NULL,
    PRIMARY KEY (log, taken_at)
);
