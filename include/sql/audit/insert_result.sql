INSERT INTO audit.result (run_id, code, kind, subject, sentence, severity, evaluated, failed, seconds, ran_at)
VALUES (
    %(run_id)s, %(code)s, %(kind)s, %(subject)s, %(sentence)s, %(severity)s, %(evaluated)s, %(failed)s, %(seconds)s,
    now()
)
