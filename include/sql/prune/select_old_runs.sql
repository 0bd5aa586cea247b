-- Runs whose results, and whose batches in the archive, have had their time: not the newest run of a source, nor the
-- newest that was audited, nor one whose page an open finding leads to, nor one that goes on.
SELECT r.run_id
FROM core.run AS r
WHERE r.started_at < %(before)s
AND r.state <> 'running'
AND r.finished_at < %(before)s
AND r.run_id NOT IN (
    SELECT DISTINCT ON (source) run_id FROM core.run ORDER BY source, started_at DESC, run_id
)
AND r.run_id NOT IN (
    SELECT DISTINCT ON (source) run_id FROM core.run JOIN audit.audit USING (run_id)
    ORDER BY source, core.run.started_at DESC, run_id
)
AND NOT EXISTS (
    SELECT 1 FROM audit.finding AS f
    WHERE r.run_id = f.last_run_id AND f.state = 'open' AND f.resolved_at IS NULL
)
ORDER BY r.started_at, r.run_id
