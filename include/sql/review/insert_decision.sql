-- A correction speaks of the figure: it settles all its open findings, and opening one of them opens all again.
INSERT INTO audit.decision (
    finding_id, state, decided_by, decided_at, reason, value, year, region, region_code, expires_on, basis
)
SELECT
    finding_id, %(state)s, %(who)s, now(), %(reason)s, %(value)s, %(year)s, %(region)s, %(region_code)s,
    %(expires)s, basis
FROM audit.finding
WHERE finding_id = %(finding_id)s
OR (
    figure_id = %(figure_id)s
    AND state = CASE WHEN %(state)s = 'corrected' THEN 'open' ELSE 'corrected' END
    AND (resolved_at IS NULL OR state = 'corrected')
)
RETURNING finding_id
