-- Documents that notices name together with the years they span, each once a notice and span.
WITH texts AS (
    SELECT notice_id, text FROM stage.notice WHERE run_id = %(run_id)s AND unreadable IS NULL
    UNION ALL
    SELECT notice_id, v.text
    FROM core.notice AS n
    JOIN core.version AS v USING (notice_id, sha256)
    WHERE NOT EXISTS (SELECT 1 FROM stage.notice AS s WHERE s.run_id = %(run_id)s AND s.notice_id = n.notice_id)
), found AS (
    -- The years stand within the marks, 《…规划（2021—2025年）》, or right behind them, 《…规划》（2021—2025年）.
    SELECT
        t.notice_id,
        regexp_matches(
            t.text,
            '(《([^《》]{4,80}?)\s*(?:》\s*)?[（(]\s*((?:19|20)\d\d)\s*年?\s*[—－–~～至到-]+\s*((?:19|20)\d\d)\s*年?\s*[）)](?:\s*》)?)', 'g'
        ) AS parts
    FROM texts AS t
    WHERE t.text ~ '\d年?\s*[—－–~～至到-]+\s*(?:19|20)\d\d\s*年?\s*[）)]'
)
SELECT DISTINCT
    notice_id,
    regexp_replace(parts[2], '\s', '', 'g'),
    parts[3]::integer,
    parts[4]::integer,
    regexp_replace(parts[1], '\s', '', 'g')
FROM found
ORDER BY 2, 3, 4, 1
