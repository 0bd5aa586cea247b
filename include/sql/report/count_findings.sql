-- What a run's checks found and nobody has settled.
SELECT count(*), count(*) FILTER (WHERE severity = 'error')
FROM audit.finding
WHERE last_run_id = %(run_id)s AND resolved_at IS NULL AND state = 'open'
