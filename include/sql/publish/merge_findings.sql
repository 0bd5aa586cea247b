-- A finding that had been resolved and is back is open anew, whatever was decided of it before.
INSERT INTO audit.finding (
    finding_id, rule, severity, notice_id, figure_id, message, expected, seen, evidence, char_start, char_end, action,
    said, first_seen_at, last_seen_at, first_run_id, last_run_id, sha256
)
SELECT
    s.finding_id, s.rule, s.severity, s.notice_id, s.figure_id, s.message, s.expected, s.seen, s.evidence,
    s.char_start, s.char_end, s.action, s.said, now(), now(), s.run_id, s.run_id, n.sha256
FROM stage.finding AS s
LEFT JOIN core.notice AS n USING (notice_id)
WHERE s.run_id = %(run_id)s
ON CONFLICT (finding_id) DO UPDATE
SET
    severity = excluded.severity, figure_id = excluded.figure_id, message = excluded.message,
    expected = excluded.expected, seen = excluded.seen, evidence = excluded.evidence,
    char_start = excluded.char_start, char_end = excluded.char_end, action = excluded.action, said = excluded.said,
    last_seen_at = excluded.last_seen_at, last_run_id = excluded.last_run_id, sha256 = excluded.sha256,
    state = CASE WHEN audit.finding.resolved_at IS NULL THEN audit.finding.state ELSE 'open' END,
    resolved_at = NULL
