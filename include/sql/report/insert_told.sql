INSERT INTO audit.told (finding_id, change, run_id, alert_id, told_at)
VALUES (%(finding_id)s, %(change)s, %(run_id)s, %(alert_id)s, now())
