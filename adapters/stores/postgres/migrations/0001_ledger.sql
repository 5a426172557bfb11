-- The ledger: one row an event, one head a district log, one receipt a command.
CREATE TABLE casecore_events (
    log                text   NOT NULL,
    position           bigint NOT NULL,
    originator_id      text   NOT NULL,
    originator_version bigint NOT NULL,
    topic              text   NOT NULL,
    state              bytea  NOT NULL,
    digest             bytea  NOT NULL,
    recorded_at        bigint NOT NULL,
    PRIMARY KEY (log, position)
);

CREATE UNIQUE INDEX casecore_events_stream ON casecore_events (log, originator_id, originator_version);

-- One hot row a district: room on the page keeps its updates local (HOT).
CREATE TABLE casecore_heads (
    log         text   NOT NULL PRIMARY KEY,
    position    bigint NOT NULL,
    hash        bytea  NOT NULL,
    recorded_at bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE casecore_receipts (
    log         text   NOT NULL,
    command_id  text   NOT NULL,
    stream      text   NOT NULL,
    version     bigint NOT NULL,
    event_count bigint NOT NULL,
    position    bigint NOT NULL,
    hash        bytea  NOT NULL,
    recorded_at bigint NOT NULL,
    PRIMARY KEY (log, command_id)
);

CREATE INDEX casecore_receipts_position ON casecore_receipts (log, position);
