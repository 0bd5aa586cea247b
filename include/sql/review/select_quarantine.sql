-- standing: the findings that withhold it, for readers of other languages than that of `message`.
SELECT
    q.figure_id, q.notice_id, q.rule, q.message, q.raw, q.quote, q.since,
    v.title, n.source, s.publisher,
    (
        SELECT min(a.finding_id) FROM audit.finding AS a
        WHERE a.notice_id = q.notice_id AND a.figure_id IS NOT DISTINCT FROM q.figure_id AND a.resolved_at IS NULL
        AND a.severity = 'error' AND a.state = 'open'
    ) AS finding_id,
    (
        SELECT jsonb_agg(
            jsonb_build_object(
                'rule', a.rule, 'said', a.said, 'message', a.message, 'expected', a.expected, 'seen', a.seen,
                'action', a.action
            ) ORDER BY a.rule, a.message
        )
        FROM audit.finding AS a
        WHERE a.notice_id = q.notice_id AND (a.figure_id = q.figure_id OR a.figure_id IS NULL)
        AND a.resolved_at IS NULL AND a.severity = 'error' AND a.state = 'open'
    ) AS standing,
    count(*) OVER () AS total
FROM mart.quarantine AS q
JOIN core.notice AS n USING (notice_id)
JOIN core.version AS v ON v.notice_id = n.notice_id AND v.sha256 = n.sha256
JOIN core.source AS s USING (source)
WHERE (%(source)s::text IS NULL OR n.source = %(source)s)
AND (
    %(search)s::text IS NULL
    OR strpos(lower(concat_ws(' ', v.title, q.message, q.quote, q.raw, q.rule)), lower(%(search)s)) > 0
)
ORDER BY q.since DESC, q.notice_id, q.figure_id
LIMIT %(limit)s OFFSET %(offset)s
