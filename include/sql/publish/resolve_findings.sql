-- Rules over one notice speak for the run's notices; rules over the whole warehouse (w.rule) for all of it.
UPDATE audit.finding AS f
SET resolved_at = now()
WHERE f.resolved_at IS NULL
AND f.last_run_id <> %(run_id)s
AND f.last_seen_at < (SELECT started_at FROM audit.audit WHERE run_id = %(run_id)s)
AND (
    f.notice_id IN (SELECT notice_id FROM stage.notice WHERE run_id = %(run_id)s)
    OR f.rule IN (SELECT code FROM audit.result WHERE run_id = %(run_id)s AND subject = 'warehouse')
)
