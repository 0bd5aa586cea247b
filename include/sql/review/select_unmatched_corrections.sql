-- Entries in force, of one source, that mean no figure or several; with what there is instead.
SELECT
    c.origin,
    c.notice_id,
    c.sha256 AS expected_sha256,
    n.sha256,
    c.raw,
    c.read_value,
    (SELECT count(*) FROM matched_correction AS m WHERE m.origin = c.origin) AS matches,
    (
        SELECT string_agg(f.char_start::text, ', ' ORDER BY f.char_start) FROM core.figure AS f
        WHERE f.notice_id = n.notice_id AND f.sha256 = n.sha256 AND regexp_replace(f.raw, '\s', '', 'g') = c.raw
        AND f.value = c.read_value
    ) AS starts,
    (
        SELECT string_agg(DISTINCT trim_scale(f.value)::text, ', ') FROM core.figure AS f
        WHERE f.notice_id = n.notice_id AND f.sha256 = n.sha256 AND regexp_replace(f.raw, '\s', '', 'g') = c.raw
    ) AS values_read
FROM audit.listed_correction AS c
LEFT JOIN core.notice AS n USING (notice_id)
WHERE c.source = %(source)s AND c.expires_on >= current_date
AND (SELECT count(*) FROM matched_correction AS m WHERE m.origin = c.origin) <> 1
ORDER BY c.origin
LIMIT 1
