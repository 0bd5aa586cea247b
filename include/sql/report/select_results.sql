SELECT code, kind, sentence, severity, subject, evaluated, failed, seconds
FROM audit.result
WHERE run_id = %(run_id)s
ORDER BY failed = 0, array_position(ARRAY['error', 'warning', 'info'], severity), kind, subject, code
