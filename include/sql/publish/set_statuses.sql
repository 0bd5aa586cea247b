-- Of the run's notices and of all that its findings, found or resolved, speak of. Settled findings withhold
-- nothing; an error without a figure withholds its whole notice.
WITH touched AS (
    SELECT notice_id FROM stage.notice WHERE run_id = %(run_id)s
    UNION
    SELECT notice_id FROM audit.finding WHERE last_run_id = %(run_id)s OR resolved_at = now() OR state_since = now()
), standing AS (
    SELECT figure_id, notice_id, severity FROM audit.finding
    WHERE resolved_at IS NULL AND state = 'open' AND notice_id IN (SELECT notice_id FROM touched)
), judged AS (
    SELECT
        f.figure_id,
        CASE
            WHEN EXISTS (
                SELECT 1 FROM standing AS s WHERE s.severity = 'error'
                AND (s.figure_id = f.figure_id OR (s.figure_id IS NULL AND s.notice_id = f.notice_id))
            ) THEN 'quarantined'
            WHEN EXISTS (
                SELECT 1 FROM standing AS s WHERE s.severity = 'warning' AND s.figure_id = f.figure_id
            ) THEN 'flagged'
            ELSE 'passed'
        END AS status
    FROM core.figure AS f
    JOIN core.notice AS n USING (notice_id, sha256)
    WHERE f.notice_id IN (SELECT notice_id FROM touched)
)
UPDATE core.figure AS f
SET
    status = j.status,
    withheld_since = CASE
        WHEN j.status <> 'quarantined' THEN NULL
        WHEN f.status = 'quarantined' THEN coalesce(f.withheld_since, now())
        ELSE now()
    END
FROM judged AS j
WHERE f.figure_id = j.figure_id
AND (f.status <> j.status OR (j.status = 'quarantined') <> (f.withheld_since IS NOT NULL))
