INSERT INTO audit.silence (finding_id, silenced_by, silenced_at, reason, expires_on, basis)
SELECT finding_id, %(who)s, now(), %(reason)s, %(expires)s, basis
FROM audit.finding
WHERE finding_id = %(finding_id)s
