-- Checkpoints, in the shape the eventsourcing library's tracking recorder expects, and the registry of fact tables:
-- live is 0 while a generation is being built, 1 while the views show it, -1 once it is dropped.
CREATE TABLE casecore_tracking (
    application_name text   NOT NULL PRIMARY KEY,
    notification_id  bigint NOT NULL
);

INSERT INTO casecore_tracking VALUES ('__migration__', 1);

CREATE TABLE casecore_tables (
    generation bigint NOT NULL PRIMARY KEY,
    versions   text   NOT NULL,
    live       bigint NOT NULL
);
