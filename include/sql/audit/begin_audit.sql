WITH forgotten AS (DELETE FROM stage.finding WHERE run_id = %(run_id)s),
results AS (DELETE FROM audit.result WHERE run_id = %(run_id)s)
INSERT INTO audit.audit (run_id, started_at) VALUES (%(run_id)s, now())
ON CONFLICT (run_id) DO UPDATE SET started_at = excluded.started_at, finished_at = NULL, checks = NULL, failed = NULL
