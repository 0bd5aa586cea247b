UPDATE audit.silence
SET ended_at = now(), ended = 'lifted', lifted_by = %(who)s
WHERE finding_id = %(finding_id)s AND ended_at IS NULL
