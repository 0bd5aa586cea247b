-- The oldest alert that is written down and not in the outbox; one that another process is posting is passed over.
SELECT alert_id, run_id, content FROM audit.alert
WHERE posted_at IS NULL
ORDER BY made_at, alert_id
LIMIT 1
FOR UPDATE SKIP LOCKED
