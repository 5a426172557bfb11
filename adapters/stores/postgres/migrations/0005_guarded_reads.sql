-- Where the streams stand that an append rests on, asked once it holds the log's head row. It is VOLATILE, and so its query
-- has a snapshot of its own: that of the append was taken before the append waited for the row, and does not show what
-- those wrote that it waited for.
CREATE FUNCTION casecore_assert_standing(of_log text, streams text[], versions bigint[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    moved record;
BEGIN
    SELECT expected.stream, expected.version INTO moved
    FROM unnest(streams, versions) AS expected (stream, version)
    WHERE expected.version <> coalesce((
        SELECT e.originator_version FROM casecore_events AS e
        WHERE e.log = of_log AND e.originator_id = expected.stream
        ORDER BY e.originator_version DESC LIMIT 1
    ), 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% does not stand at version %', moved.stream, moved.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN true;
END
$$;
