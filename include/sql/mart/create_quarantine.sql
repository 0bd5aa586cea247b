-- A figure that several errors withhold is one row that names them all; figure_id is null where it is the notice.
CREATE VIEW mart.quarantine AS
WITH standing AS (
    SELECT * FROM audit.finding
    WHERE resolved_at IS NULL AND severity = 'error' AND state = 'open'
)
SELECT
    f.figure_id,
    f.notice_id,
    string_agg(DISTINCT a.rule, ', ' ORDER BY a.rule) AS rule,
    string_agg(DISTINCT a.message, '; ' ORDER BY a.message) AS message,
    f.raw,
    f.quote,
    f.withheld_since AS since
FROM core.figure AS f
JOIN core.notice AS n USING (notice_id, sha256)
JOIN standing AS a ON a.notice_id = f.notice_id AND (a.figure_id = f.figure_id OR a.figure_id IS NULL)
WHERE f.status = 'quarantined'
GROUP BY f.figure_id
UNION ALL
SELECT
    NULL,
    n.notice_id,
    string_agg(DISTINCT a.rule, ', ' ORDER BY a.rule),
    string_agg(DISTINCT a.message, '; ' ORDER BY a.message),
    NULL,
    nullif(min(a.evidence), ''),
    min(a.first_seen_at)
FROM core.notice AS n
JOIN standing AS a USING (notice_id)
WHERE a.figure_id IS NULL
GROUP BY n.notice_id;
