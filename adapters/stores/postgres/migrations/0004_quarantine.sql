-- Cases set aside while following: their rows in that generation stay as they were until the case is taken back.
-- "since" is an instant of UTC, in ISO 8601.
CREATE TABLE casecore_quarantine (
    generation bigint NOT NULL,
    log        text   NOT NULL,
    case_id    text   NOT NULL,
    position   bigint NOT NULL,
    reason     text   NOT NULL,
    since      text   NOT NULL,
    PRIMARY KEY (generation, log, case_id)
);

-- For whoever reads the fact tables: without the reason, which may quote what stands in a fact.
CREATE VIEW stale_cases AS
SELECT q.log, q.case_id, q.since, q.position
FROM casecore_quarantine q
JOIN casecore_tables t ON t.generation = q.generation AND t.live = 1;
