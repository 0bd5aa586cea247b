SELECT
    r.run_id,
    r.source,
    s.publisher,
    r.started_at,
    r.state,
    coalesce(p.passed + p.flagged, 0) AS figures,
    coalesce(p.quarantined, 0) AS quarantined,
    count(a.code) FILTER (WHERE a.failed = 0) AS checks_passed,
    count(a.code) FILTER (WHERE a.failed > 0) AS checks_failed
FROM core.run AS r
JOIN core.source AS s USING (source)
LEFT JOIN core.publication AS p USING (run_id)
LEFT JOIN audit.result AS a USING (run_id)
GROUP BY r.run_id, s.publisher, p.passed, p.flagged, p.quarantined
ORDER BY r.started_at DESC
LIMIT 50
