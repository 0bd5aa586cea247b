-- When the run's audit finished, and whether a person who was asked has not approved what it looked at.
SELECT a.finished_at, p.run_id IS NOT NULL AND (p.approved IS NOT TRUE OR p.asked_at < a.finished_at)
FROM audit.audit AS a
LEFT JOIN core.approval AS p USING (run_id)
WHERE a.run_id = %(run_id)s
