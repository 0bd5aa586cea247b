-- How a check went in its latest runs, newest first.
SELECT a.run_id, s.publisher, r.started_at, a.kind, a.subject, a.severity, a.evaluated, a.failed, a.seconds
FROM audit.result AS a
JOIN core.run AS r USING (run_id)
JOIN core.source AS s USING (source)
WHERE a.code = %(code)s
ORDER BY r.started_at DESC
LIMIT %(runs)s
