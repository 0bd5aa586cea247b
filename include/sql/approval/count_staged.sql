-- What a run has staged, by what it is to the warehouse: notices, figures, and how many of these an error withholds.
WITH standing AS (
    SELECT f.notice_id, f.figure_id
    FROM stage.finding AS f
    LEFT JOIN audit.finding AS k USING (finding_id)
    WHERE f.run_id = %(run_id)s AND f.severity = 'error'
    AND (k.finding_id IS NULL OR k.resolved_at IS NOT NULL OR k.state = 'open')
), notice AS (
    SELECT
        s.notice_id,
        CASE
            WHEN s.unreadable IS NOT NULL THEN 'unreadable'
            WHEN n.notice_id IS NULL THEN 'new'
            WHEN n.sha256 <> s.sha256 THEN 'changed'
            ELSE 'read_anew'
        END AS change
    FROM stage.notice AS s
    LEFT JOIN core.notice AS n USING (notice_id)
    WHERE s.run_id = %(run_id)s
), figure AS (
    SELECT
        f.notice_id,
        count(*) AS figures,
        count(*) FILTER (
            WHERE f.figure_id IN (SELECT figure_id FROM standing WHERE figure_id IS NOT NULL)
            OR f.notice_id IN (SELECT notice_id FROM standing WHERE figure_id IS NULL)
        ) AS withheld
    FROM stage.figure AS f
    WHERE f.run_id = %(run_id)s
    GROUP BY f.notice_id
)
SELECT
    n.change, count(*), coalesce(sum(f.figures), 0)::bigint, coalesce(sum(f.withheld), 0)::bigint
FROM notice AS n
LEFT JOIN figure AS f USING (notice_id)
GROUP BY n.change
ORDER BY array_position(ARRAY['new', 'changed', 'read_anew', 'unreadable'], n.change)
