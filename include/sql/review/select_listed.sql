-- Findings for the review page. `mark` as in select_for_decision; `before` and `marked` tell where in the evidence the
-- figure, or the words at fault, stand. reopened: why a decision no longer holds. text_changed: the newest version is not
-- the one in which it was last found. silenced_*: of the silence in force.
SELECT
    a.finding_id,
    a.rule,
    a.severity,
    a.notice_id,
    a.figure_id,
    a.message,
    a.expected,
    a.seen,
    a.evidence,
    a.action,
    a.said,
    a.state,
    a.first_seen_at,
    a.last_seen_at,
    a.last_run_id,
    a.resolved_at,
    a.char_start,
    a.char_end,
    a.sha256 <> n.sha256 AS text_changed,
    concat_ws('-', a.state, left(a.basis, 12), d.decision_id) AS mark,
    v.title,
    v.published_on,
    v.sha256,
    v.name,
    n.url,
    n.source,
    s.publisher,
    s.owner,
    f.raw,
    f.value,
    f.unit,
    f.year,
    f.region,
    f.page,
    f.status,
    f.subject,
    i.name AS indicator_name,
    c.original_value,
    c.figure_id IS NOT NULL AS corrected,
    c.origin,
    c.corrected_by,
    coalesce(f.raw, substring(v.text FROM a.char_start + 1 FOR least(a.char_end - a.char_start, 80))) AS marked,
    substring(
        v.text FROM greatest(1, a.char_start - 199) FOR least(200, a.char_start)
    ) AS before,
    d.decided_by,
    d.decided_at,
    d.reason,
    d.expires_on,
    CASE
        WHEN a.state <> 'open' OR d.state = 'open' THEN NULL
        WHEN d.basis <> a.basis THEN 'changed'
        WHEN d.expires_on < current_date THEN 'expired'
    END AS reopened,
    q.silenced_by,
    q.silenced_at,
    q.reason AS silenced_because,
    q.expires_on AS silenced_until
FROM audit.finding AS a
LEFT JOIN core.notice AS n USING (notice_id)
LEFT JOIN core.version AS v ON v.notice_id = n.notice_id AND v.sha256 = n.sha256
LEFT JOIN core.source AS s USING (source)
LEFT JOIN core.figure AS f ON f.figure_id = a.figure_id
LEFT JOIN core.indicator AS i USING (indicator)
LEFT JOIN core.correction AS c ON c.figure_id = a.figure_id
LEFT JOIN audit.silence AS q ON q.finding_id = a.finding_id AND q.ended_at IS NULL
LEFT JOIN LATERAL (
    SELECT * FROM audit.decision AS d WHERE d.finding_id = a.finding_id ORDER BY decision_id DESC LIMIT 1
) AS d ON TRUE
WHERE (%(finding_ids)s::text[] IS NULL OR a.finding_id = ANY(%(finding_ids)s))
AND (%(finding_ids)s::text[] IS NOT NULL OR a.resolved_at IS NULL)
AND (%(state)s::text IS NULL OR a.state = %(state)s)
AND (%(source)s::text IS NULL OR n.source = %(source)s)
AND (%(rule)s::text IS NULL OR a.rule = %(rule)s)
AND (%(severity)s::text IS NULL OR a.severity = %(severity)s)
AND (%(figure_id)s::text IS NULL OR a.figure_id = %(figure_id)s)
AND (
    %(search)s::text IS NULL
    OR strpos(lower(concat_ws(' ', v.title, a.message, a.evidence, a.notice_id, a.figure_id)), lower(%(search)s)) > 0
)
ORDER BY array_position(ARRAY['error', 'warning', 'info'], a.severity), a.rule, v.published_on DESC NULLS LAST,
    a.notice_id, a.char_start, a.finding_id
LIMIT %(limit)s OFFSET %(offset)s
