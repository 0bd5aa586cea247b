SELECT count(*) FILTER (WHERE failed = 0), count(*) FILTER (WHERE failed > 0)
FROM audit.result
WHERE run_id = %(run_id)s
