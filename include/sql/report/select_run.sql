SELECT
    r.run_id, r.source, s.publisher, r.started_at, r.finished_at, r.state, r.error,
    p.passed, p.flagged, p.quarantined, p.published_at,
    w.asked_at, w.approved, w.answered_by, w.answered_at, w.note,
    extract(epoch FROM r.finished_at - r.started_at)::double precision AS seconds,
    extract(epoch FROM a.finished_at - a.started_at)::double precision AS audit_seconds
FROM core.run AS r
JOIN core.source AS s USING (source)
LEFT JOIN core.publication AS p USING (run_id)
LEFT JOIN audit.audit AS a USING (run_id)
LEFT JOIN core.approval AS w USING (run_id)
WHERE r.run_id = %(run_id)s
