-- What reviews, communiqués and reports of a source say that came out after the year and speak for it.
SELECT text
FROM stage.notice
WHERE run_id = %(run_id)s AND source = %(source)s
AND region IS NOT DISTINCT FROM %(place)s AND year = %(year)s AND genre IN ('review', 'communique', 'report')
AND year < extract(YEAR FROM coalesce(published_on, fetched_at::date))
UNION ALL
SELECT v.text
FROM core.notice AS n
JOIN core.version AS v USING (notice_id, sha256)
WHERE n.source = %(source)s AND v.region IS NOT DISTINCT FROM %(place)s AND v.year = %(year)s AND v.genre IN ('review', 'communique', 'report')
AND v.year < extract(YEAR FROM coalesce(v.published_on, v.fetched_at::date))
AND NOT EXISTS (SELECT 1 FROM stage.notice AS s WHERE s.run_id = %(run_id)s AND s.notice_id = n.notice_id)
