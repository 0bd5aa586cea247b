-- What checks find now; finding_history keeps what they no longer find, with resolved_at.
CREATE VIEW mart.finding_history AS
SELECT
    finding_id, rule, severity, notice_id, figure_id, message, evidence, state, first_seen_at, last_seen_at,
    expected, seen, action, char_start, char_end, first_run_id, last_run_id, resolved_at
FROM audit.finding;

CREATE VIEW mart.finding AS
SELECT
    finding_id, rule, severity, notice_id, figure_id, message, evidence, state, first_seen_at, last_seen_at,
    expected, seen, action, char_start, char_end
FROM audit.finding
WHERE resolved_at IS NULL;
