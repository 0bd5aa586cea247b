SELECT notice_id, v.sha256, v.extractor, n.attachment_of
FROM core.notice AS n
JOIN core.version AS v USING (notice_id, sha256)
WHERE n.source = %(source)s
