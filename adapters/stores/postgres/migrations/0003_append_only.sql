-- Nothing written is changed or taken away, by whomever: a seat-belt, for who owns a table can take it off. Statement
-- triggers refuse even where no row matches and cost an insert nothing; ALWAYS, so that session_replication_role does not
-- pass them. The locks are taken first, in the order of the append.
LOCK TABLE casecore_heads, casecore_events, casecore_receipts IN SHARE ROW EXCLUSIVE MODE;

CREATE FUNCTION casecore_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: % is refused, what is written stays', TG_TABLE_NAME, TG_OP;
END
$$;

CREATE TRIGGER casecore_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON casecore_events
    FOR EACH STATEMENT EXECUTE FUNCTION casecore_refuse();

ALTER TABLE casecore_events ENABLE ALWAYS TRIGGER casecore_events_stay;

CREATE TRIGGER casecore_receipts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON casecore_receipts
    FOR EACH STATEMENT EXECUTE FUNCTION casecore_refuse();

ALTER TABLE casecore_receipts ENABLE ALWAYS TRIGGER casecore_receipts_stay;

-- A head only moves forward: whoever may append could otherwise stop a district's log by setting it back.
CREATE TRIGGER casecore_heads_forward BEFORE UPDATE ON casecore_heads FOR EACH ROW
    WHEN (NEW.log <> OLD.log OR NEW.position <= OLD.position OR NEW.recorded_at <= OLD.recorded_at)
    EXECUTE FUNCTION casecore_refuse();

ALTER TABLE casecore_heads ENABLE ALWAYS TRIGGER casecore_heads_forward;

CREATE TRIGGER casecore_heads_stay BEFORE DELETE OR TRUNCATE ON casecore_heads
    FOR EACH STATEMENT EXECUTE FUNCTION casecore_refuse();

ALTER TABLE casecore_heads ENABLE ALWAYS TRIGGER casecore_heads_stay;
