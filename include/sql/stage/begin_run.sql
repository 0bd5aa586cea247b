WITH known_source AS (
    INSERT INTO core.source (source, owner, publisher)
    VALUES (%(source)s, %(owner)s, %(publisher)s)
    ON CONFLICT (source) DO UPDATE SET owner = excluded.owner, publisher = excluded.publisher
    RETURNING source
)
INSERT INTO core.run (run_id, source, started_at)
SELECT %(run_id)s, source, now() FROM known_source
ON CONFLICT (run_id) DO UPDATE
SET source = excluded.source, state = 'running', finished_at = NULL, error = NULL
