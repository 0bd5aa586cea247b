-- How each check went in the run and in those of its source before it, oldest first.
WITH me AS (
    SELECT source, started_at FROM core.run WHERE run_id = %(run_id)s
),
latest AS (
    SELECT r.run_id, r.started_at
    FROM core.run AS r
    JOIN me ON me.source = r.source AND r.started_at <= me.started_at
    WHERE EXISTS (SELECT 1 FROM audit.result AS a WHERE a.run_id = r.run_id)
    ORDER BY r.started_at DESC
    LIMIT %(runs)s
)
SELECT a.code, l.run_id, l.started_at, a.evaluated, a.failed
FROM latest AS l
JOIN audit.result AS a USING (run_id)
ORDER BY a.code, l.started_at
