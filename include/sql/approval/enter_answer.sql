UPDATE core.approval
SET approved = %(approved)s, answered_by = %(who)s, answered_at = now(), note = %(note)s
WHERE run_id = %(run_id)s
