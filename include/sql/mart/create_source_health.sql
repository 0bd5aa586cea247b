-- state: never_run, running (its first), healthy, failing (the last finished run failed).
CREATE VIEW mart.source_health AS
WITH finished AS (
    SELECT source, max(finished_at) FILTER (WHERE state = 'succeeded') AS last_success_at
    FROM core.run GROUP BY source
), failures AS (
    SELECT r.source, count(*) AS failures_in_a_row
    FROM core.run AS r
    JOIN finished AS f USING (source)
    WHERE r.state = 'failed' AND r.finished_at > coalesce(f.last_success_at, '-infinity')
    GROUP BY r.source
)
SELECT
    s.source,
    s.owner,
    (SELECT max(started_at) FROM core.run AS r WHERE r.source = s.source) AS last_run_at,
    f.last_success_at,
    s.last_new_notice_at,
    (SELECT count(*) FROM core.notice AS n WHERE n.source = s.source AND n.withdrawn_at IS NULL) AS notices,
    coalesce(x.failures_in_a_row, 0) AS failures_in_a_row,
    CASE
        WHEN x.failures_in_a_row > 0 THEN 'failing'
        WHEN f.last_success_at IS NOT NULL THEN 'healthy'
        WHEN EXISTS (SELECT 1 FROM core.run AS r WHERE r.source = s.source) THEN 'running'
        ELSE 'never_run'
    END AS state,
    s.publisher
FROM core.source AS s
LEFT JOIN finished AS f USING (source)
LEFT JOIN failures AS x USING (source);
