-- The years that reviews, communiqués and reports of a source speak for, staged or published.
SELECT DISTINCT source, year
FROM stage.notice
WHERE run_id = %(run_id)s AND genre IN ('review', 'communique', 'report') AND year IS NOT NULL
UNION
SELECT DISTINCT n.source, v.year
FROM core.notice AS n
JOIN core.version AS v USING (notice_id, sha256)
WHERE v.genre IN ('review', 'communique', 'report') AND v.year IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM stage.notice AS s WHERE s.run_id = %(run_id)s AND s.notice_id = n.notice_id)
