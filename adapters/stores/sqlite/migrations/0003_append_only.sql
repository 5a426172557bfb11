-- Nothing written is changed or taken away: a seat-belt, for who can write the file can take it off. An INSERT OR REPLACE
-- passes it (SQLite fires no trigger for the row replaced, and looking for one would slow every insert by a sixth).
CREATE TRIGGER casecore_events_no_update BEFORE UPDATE ON casecore_events
BEGIN SELECT RAISE(ABORT, 'casecore_events: UPDATE is refused, what is written stays'); END;

CREATE TRIGGER casecore_events_no_delete BEFORE DELETE ON casecore_events
BEGIN SELECT RAISE(ABORT, 'casecore_events: DELETE is refused, what is written stays'); END;

CREATE TRIGGER casecore_receipts_no_update BEFORE UPDATE ON casecore_receipts
BEGIN SELECT RAISE(ABORT, 'casecore_receipts: UPDATE is refused, what is written stays'); END;

CREATE TRIGGER casecore_receipts_no_delete BEFORE DELETE ON casecore_receipts
BEGIN SELECT RAISE(ABORT, 'casecore_receipts: DELETE is refused, what is written stays'); END;

CREATE TRIGGER casecore_heads_forward BEFORE UPDATE ON casecore_heads
WHEN NEW.log <> OLD.log OR NEW.position <= OLD.position OR NEW.recorded_at <= OLD.recorded_at
BEGIN SELECT RAISE(ABORT, 'casecore_heads: UPDATE is refused, a head only moves forward'); END;

CREATE TRIGGER casecore_heads_no_delete BEFORE DELETE ON casecore_heads
BEGIN SELECT RAISE(ABORT, 'casecore_heads: DELETE is refused, what is written stays'); END;
