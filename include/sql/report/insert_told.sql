-- By the clock, not by the transaction's beginning: it may have waited for one that began later and told first.
INSERT INTO audit.told (finding_id, change, run_id, alert_id, told_at)
SELECT finding_id, change, %(run_id)s, %(alert_id)s, clock_timestamp()
FROM unnest(%(finding_ids)s::text [], %(changes)s::text []) AS told (finding_id, change)
