SELECT
    -- The staged figures of a run, beside the columns that an expectation looks at: null where it does not apply.
    f.figure_id,
    f.notice_id,
    f.raw,
    f.value,
    f.low,
    f.high,
    f.unit,
    f.qualifier,
    f.kind,
    f.measure,
    f.role,
    f.region_code,
    f.subject,
    f.page,
    f.quote,
    f.confidence,
    f.char_start,
    f.char_end,
    n.characters,
    -- What fell by 5 to 8 percent has the values -5 and -8.
    CASE WHEN f.value_high < 0 THEN -f.value ELSE f.value END AS range_begin,
    abs(f.value_high) AS range_end,
    CASE WHEN f.unit = '%%' AND f.measure = 'growth' THEN f.value END AS growth_percent,
    CASE WHEN f.kind = 'percent' THEN f.unit END AS percent_unit,
    CASE WHEN f.kind = 'money' THEN f.unit END AS money_unit,
    f.char_start + 1 AS char_after_start,
    CASE WHEN f.measure = i.measure THEN i.low END AS indicator_low,
    CASE WHEN f.measure = i.measure THEN i.high END AS indicator_high
FROM stage.figure AS f
JOIN stage.notice AS n USING (run_id, notice_id)
LEFT JOIN core.indicator AS i USING (indicator)
WHERE f.run_id = %(run_id)s
