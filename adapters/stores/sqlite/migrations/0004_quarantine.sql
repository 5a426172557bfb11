-- Cases set aside while following: their rows in that generation stay as they were until the case is taken back.
-- "since" is an instant of UTC, in ISO 8601.
CREATE TABLE casecore_quarantine (
    generation INTEGER NOT NULL,
    log        TEXT    NOT NULL,
    case_id    TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    since      TEXT    NOT NULL,
    PRIMARY KEY (generation, log, case_id)
) WITHOUT ROWID;

-- For whoever reads the fact tables: without the reason, which may quote what stands in a fact.
CREATE VIEW stale_cases AS
SELECT q.log, q.case_id, q.since, q.position
FROM casecore_quarantine q
JOIN casecore_tables t ON t.generation = q.generation AND t.live = 1;
