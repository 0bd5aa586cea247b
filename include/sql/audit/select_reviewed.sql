-- The years that reviews, communiqués and reports of a source speak for, by the place they are about, staged or published. A report given within a
-- year is no review of it.
SELECT DISTINCT source, region, year
FROM stage.notice
WHERE run_id = %(run_id)s AND genre IN ('review', 'communique', 'report')
AND year < extract(YEAR FROM coalesce(published_on, fetched_at::date))
UNION
SELECT DISTINCT n.source, v.region, v.year
FROM core.notice AS n
JOIN core.version AS v USING (notice_id, sha256)
WHERE v.genre IN ('review', 'communique', 'report')
AND v.year < extract(YEAR FROM coalesce(v.published_on, v.fetched_at::date))
AND NOT EXISTS (SELECT 1 FROM stage.notice AS s WHERE s.run_id = %(run_id)s AND s.notice_id = n.notice_id)
