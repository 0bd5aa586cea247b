-- What the filters of the review page offer, with numbers: each by what the others leave.
WITH standing AS (
    SELECT a.state, a.severity, a.rule, n.source
    FROM audit.finding AS a
    LEFT JOIN core.notice AS n USING (notice_id)
    LEFT JOIN core.version AS v ON v.notice_id = n.notice_id AND v.sha256 = n.sha256
    WHERE a.resolved_at IS NULL
    AND (
        %(search)s::text IS NULL
        OR strpos(lower(concat_ws(' ', v.title, a.message, a.evidence, a.notice_id, a.figure_id)), lower(%(search)s))
            > 0
    )
), fitting AS (
    SELECT
        s.*,
        coalesce(s.state = %(state)s, TRUE) AS by_state,
        coalesce(s.severity = %(severity)s, TRUE) AS by_severity,
        coalesce(s.rule = %(rule)s, TRUE) AS by_rule,
        coalesce(s.source = %(source)s, TRUE) AS by_source
    FROM standing AS s
)
SELECT 'state' AS facet, state AS value, count(*) AS findings FROM fitting
WHERE by_severity AND by_rule AND by_source GROUP BY state
UNION ALL
SELECT 'severity', severity, count(*) FROM fitting WHERE by_state AND by_rule AND by_source GROUP BY severity
UNION ALL
SELECT 'rule', rule, count(*) FROM fitting WHERE by_state AND by_severity AND by_source GROUP BY rule
UNION ALL
SELECT 'source', source, count(*) FROM fitting
WHERE by_state AND by_severity AND by_rule AND source IS NOT NULL GROUP BY source
UNION ALL
SELECT 'all', NULL, count(*) FROM fitting WHERE by_state AND by_severity AND by_rule AND by_source
ORDER BY 1, 3 DESC, 2
