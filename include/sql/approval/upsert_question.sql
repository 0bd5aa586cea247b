-- The same question may be put again; what was answered to it before is void then.
INSERT INTO core.approval (run_id, question, asked_at)
VALUES (%(run_id)s, %(question)s, now())
ON CONFLICT (run_id) DO UPDATE
SET asked_at = excluded.asked_at, approved = NULL, answered_by = NULL, answered_at = NULL, note = ''
WHERE core.approval.question = excluded.question
