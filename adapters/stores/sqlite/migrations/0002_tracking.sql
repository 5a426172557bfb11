-- Checkpoints, in the shape the eventsourcing library's tracking recorder expects, and the registry of fact tables:
-- live is 0 while a generation is being built, 1 while the views show it, -1 once it is dropped.
CREATE TABLE tracking (
    application_name TEXT NOT NULL PRIMARY KEY,
    notification_id  INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO tracking VALUES ('__migration__', 1);

CREATE TABLE casecore_tables (
    generation INTEGER NOT NULL PRIMARY KEY,
    versions   TEXT    NOT NULL,
    live       INTEGER NOT NULL
);
