-- Decisions on a finding, and on what the same rule found in the same notice before its text was changed. Newest first.
SELECT
    d.decision_id, d.state, d.decided_by, d.decided_at, d.reason, d.value, d.year, d.region, d.expires_on,
    d.basis = a.basis AS same_basis, a.finding_id = %(finding_id)s AS own, a.evidence
FROM audit.finding AS me
JOIN audit.finding AS a
    ON a.finding_id = me.finding_id
    OR (a.rule = me.rule AND a.notice_id = me.notice_id AND a.resolved_at IS NOT NULL)
JOIN audit.decision AS d ON d.finding_id = a.finding_id
WHERE me.finding_id = %(finding_id)s
ORDER BY d.decision_id DESC
LIMIT 50
