INSERT INTO audit.told (finding_id, change, run_id, alert_id, told_at)
SELECT finding_id, change, %(run_id)s, %(alert_id)s, now()
FROM unnest(%(finding_ids)s::text [], %(changes)s::text []) AS told (finding_id, change)
