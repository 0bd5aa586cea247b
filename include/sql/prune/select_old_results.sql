-- Of these runs those that have results.
SELECT run_id FROM audit.audit WHERE run_id = ANY(%(runs)s)
UNION
SELECT run_id FROM audit.result WHERE run_id = ANY(%(runs)s)
ORDER BY run_id
