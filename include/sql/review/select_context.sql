-- The text around a place of the newest version, 600 characters to either side.
SELECT
    substring(v.text FROM greatest(1, a.char_start - 599) FOR least(600, a.char_start)),
    substring(v.text FROM a.char_start + 1 FOR a.char_end - a.char_start),
    substring(v.text FROM a.char_end + 1 FOR 600),
    v.path, v.name, v.sha256, n.source, a.char_start, a.char_end
FROM audit.finding AS a
JOIN core.notice AS n USING (notice_id)
JOIN core.version AS v ON v.notice_id = n.notice_id AND v.sha256 = n.sha256
WHERE a.finding_id = %(finding_id)s AND a.char_start IS NOT NULL AND a.char_end > a.char_start
