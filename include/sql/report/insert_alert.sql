INSERT INTO audit.alert (alert_id, run_id, source, subject, made_at, content)
VALUES (%(alert_id)s, %(run_id)s, %(source)s, %(subject)s, now(), %(content)s)
