SELECT
    f.notice_id, f.figure_id, coalesce(f.char_start, 0), coalesce(f.char_end, 0), coalesce(f.raw, ''), f.value,
    f.value_high, f.low, f.high, coalesce(f.unit, ''),
    f.qualifier, f.kind, f.measure, f.year, f.role, f.region, coalesce(f.subject, ''), f.indicator, f.series, f.page,
    coalesce(f.quote, ''), coalesce(f.confidence, 0)
FROM stage.figure AS f
JOIN stage.notice AS n USING (run_id, notice_id)
WHERE f.run_id = %(run_id)s AND n.unreadable IS NULL
ORDER BY f.notice_id, f.char_start, f.char_end, f.figure_id
