-- What the audit of an unpublished run found and nobody has settled before, gravest first, and the first of every
-- check before the second of any. `times`: how often that check found something; at most so many `examples` of each.
WITH standing AS (
    SELECT
        f.rule, f.severity, f.notice_id, coalesce(s.title, v.title) AS title, coalesce(s.url, n.url) AS url,
        f.message, f.expected, f.seen, f.evidence, f.action, f.said,
        count(*) OVER (PARTITION BY f.rule, f.severity) AS times,
        row_number() OVER (
            PARTITION BY f.rule, f.severity ORDER BY f.notice_id, f.char_start, f.finding_id
        ) AS place
    FROM stage.finding AS f
    LEFT JOIN audit.finding AS k USING (finding_id)
    LEFT JOIN stage.notice AS s ON s.run_id = f.run_id AND s.notice_id = f.notice_id
    LEFT JOIN core.notice AS n ON n.notice_id = f.notice_id
    LEFT JOIN core.version AS v ON v.notice_id = n.notice_id AND v.sha256 = n.sha256
    WHERE f.run_id = %(run_id)s
    AND (k.finding_id IS NULL OR k.resolved_at IS NOT NULL OR k.state = 'open')
)
SELECT rule, severity, notice_id, title, url, message, expected, seen, evidence, action, said, times, place
FROM standing
WHERE place <= %(examples)s
ORDER BY array_position(ARRAY['error', 'warning', 'info'], severity), place, rule
