UPDATE audit.audit
SET finished_at = now(), checks = %(checks)s, failed = %(failed)s
WHERE run_id = %(run_id)s
