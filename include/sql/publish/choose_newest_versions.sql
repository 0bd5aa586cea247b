UPDATE core.notice AS n
SET sha256 = v.sha256
FROM (
    SELECT DISTINCT ON (notice_id) notice_id, sha256
    FROM core.version
    WHERE notice_id IN (SELECT notice_id FROM stage.notice WHERE run_id = %(run_id)s)
    ORDER BY notice_id, fetched_at DESC, sha256
) AS v
WHERE n.notice_id = v.notice_id AND n.sha256 IS DISTINCT FROM v.sha256
