SELECT notice_id, count(*)
FROM core.figure
JOIN core.notice USING (notice_id, sha256)
WHERE status = 'quarantined' AND notice_id = ANY(%(notices)s)
GROUP BY notice_id
