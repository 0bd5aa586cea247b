-- mark as in select_for_decision
SELECT
    a.state,
    a.severity,
    a.resolved_at IS NOT NULL AS gone,
    concat_ws('-', a.state, left(a.basis, 12), (
        SELECT max(decision_id) FROM audit.decision AS d WHERE d.finding_id = a.finding_id
    )) AS mark,
    s.silenced_by,
    %(expires)s::date > current_date AS in_future,
    %(expires)s::date > current_date + %(longest)s::integer AS too_far
FROM audit.finding AS a
LEFT JOIN audit.silence AS s ON s.finding_id = a.finding_id AND s.ended_at IS NULL
WHERE a.finding_id = %(finding_id)s
