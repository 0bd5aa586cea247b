SELECT f.rule, f.severity, f.notice_id, v.title, n.url, f.message, f.expected, f.seen, f.evidence, f.action
FROM audit.finding AS f
LEFT JOIN core.notice AS n USING (notice_id)
LEFT JOIN core.version AS v ON v.notice_id = n.notice_id AND v.sha256 = n.sha256
WHERE f.last_run_id = %(run_id)s AND f.resolved_at IS NULL AND f.state = 'open'
ORDER BY array_position(ARRAY['error', 'warning', 'info'], f.severity), f.rule, f.notice_id, f.char_start
