SELECT notice_id, notice_id, NULL::text, coalesce(title, name), coalesce(title, ''), NULL::integer, NULL::integer
FROM stage.notice
WHERE run_id = %(run_id)s AND notice_id = ANY(%(ids)s)
