SELECT r.run_id, s.publisher, r.started_at, r.finished_at, r.state, r.error
FROM core.run AS r
JOIN core.source AS s USING (source)
WHERE r.run_id = %(run_id)s
