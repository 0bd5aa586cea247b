INSERT INTO core.notice (notice_id, source, url, attachment_of, first_seen_at, last_seen_at)
SELECT notice_id, source, url, attachment_of, fetched_at, fetched_at
FROM stage.notice
WHERE run_id = %(run_id)s
ON CONFLICT (notice_id) DO UPDATE
SET
    url = excluded.url,
    attachment_of = excluded.attachment_of,
    last_seen_at = greatest(core.notice.last_seen_at, excluded.last_seen_at),
    withdrawn_at = CASE WHEN excluded.last_seen_at > core.notice.withdrawn_at THEN NULL ELSE core.notice.withdrawn_at END
