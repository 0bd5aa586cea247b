SELECT
    notice_id, sha256, source, url, fetched_at, name, path, media_type, size, title, number, published_on,
    coalesce(genre, 'other'), year, description::text, passages::text, text, coalesce(extractor, '')
FROM stage.notice
WHERE run_id = %(run_id)s AND unreadable IS NULL
ORDER BY notice_id
