UPDATE core.source AS s
SET last_new_notice_at = now()
WHERE EXISTS (
    SELECT 1 FROM core.version AS v
    JOIN core.notice AS n USING (notice_id)
    WHERE v.run_id = %(run_id)s AND n.source = s.source
    AND NOT EXISTS (
        SELECT 1 FROM core.version AS o WHERE o.notice_id = v.notice_id AND o.sha256 <> v.sha256
    )
    AND n.first_seen_at = v.fetched_at
)
