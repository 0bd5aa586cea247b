-- What stands of a source, beside what an alert lists.
SELECT
    s.publisher,
    s.owner,
    (
        SELECT count(*) FROM core.figure AS f JOIN core.notice AS n USING (notice_id, sha256)
        WHERE n.source = s.source AND f.status = 'quarantined'
    ) AS withheld,
    count(a.finding_id) FILTER (WHERE a.severity = 'error') AS errors,
    count(a.finding_id) FILTER (WHERE a.severity = 'error' AND q.finding_id IS NOT NULL) AS silenced,
    count(a.finding_id) FILTER (WHERE a.severity = 'warning') AS warnings,
    count(a.finding_id) FILTER (WHERE a.severity = 'warning' AND a.first_run_id = %(run_id)s) AS new_warnings
FROM core.source AS s
LEFT JOIN core.notice AS n USING (source)
LEFT JOIN audit.finding AS a ON a.notice_id = n.notice_id AND a.resolved_at IS NULL AND a.state = 'open'
LEFT JOIN audit.silence AS q ON q.finding_id = a.finding_id AND q.ended_at IS NULL
WHERE s.source = %(source)s
GROUP BY s.source
