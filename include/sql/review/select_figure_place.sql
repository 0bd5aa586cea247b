-- Where a figure stands: the archived bytes it was read from, and its place in their text.
SELECT v.path, v.name, n.source, f.char_start, f.char_end, substring(v.text FROM f.char_start + 1 FOR f.char_end - f.char_start)
FROM core.figure AS f
JOIN core.version AS v USING (notice_id, sha256)
JOIN core.notice AS n USING (notice_id)
WHERE f.figure_id = %(figure_id)s
