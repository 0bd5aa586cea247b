-- Corrections that rest on decisions; `several`: the version says the same thing in the same words elsewhere too.
SELECT
    n.source, f.notice_id, f.sha256, f.raw, c.original_value, f.char_start,
    EXISTS (
        SELECT 1 FROM core.figure AS o
        LEFT JOIN core.correction AS oc USING (figure_id)
        WHERE o.notice_id = f.notice_id AND o.sha256 = f.sha256 AND o.figure_id <> f.figure_id
        AND regexp_replace(o.raw, '\s', '', 'g') = regexp_replace(f.raw, '\s', '', 'g')
        AND coalesce(oc.original_value, o.value) = c.original_value
    ),
    d.value, d.year, d.region, a.rule, d.reason, d.decided_by, d.expires_on
FROM core.correction AS c
JOIN core.figure AS f USING (figure_id)
JOIN core.notice AS n USING (notice_id, sha256)
JOIN audit.decision AS d ON c.origin = 'decision ' || d.decision_id
JOIN audit.finding AS a USING (finding_id)
WHERE c.original_value IS NOT NULL AND d.expires_on IS NOT NULL
ORDER BY n.source, f.notice_id, f.char_start
