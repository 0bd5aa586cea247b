CREATE VIEW mart.notice AS
SELECT
    n.notice_id,
    s.publisher,
    n.url,
    v.title,
    v.number,
    v.genre,
    v.published_on,
    v.year,
    n.sha256,
    (SELECT count(*) FROM core.version AS o WHERE o.notice_id = n.notice_id) AS versions,
    n.first_seen_at,
    n.last_seen_at,
    n.withdrawn_at,
    (
        SELECT count(*) FROM core.figure AS f
        WHERE f.notice_id = n.notice_id AND f.sha256 = n.sha256 AND f.status <> 'quarantined'
    ) AS figures,
    (SELECT count(*) FROM audit.finding AS a WHERE a.notice_id = n.notice_id AND a.resolved_at IS NULL) AS findings,
    n.source,
    v.issuer,
    v.region,
    n.attachment_of,
    v.name,
    v.media_type,
    v.path,
    v.extractor,
    v.unreadable
FROM core.notice AS n
JOIN core.version AS v USING (notice_id, sha256)
JOIN core.source AS s USING (source);
