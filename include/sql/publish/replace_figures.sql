WITH mine AS (  -- the versions whose reading is this run's
    SELECT notice_id, sha256 FROM core.version WHERE run_id = %(run_id)s
), gone AS (
    DELETE FROM core.figure AS f
    USING mine AS m
    WHERE f.notice_id = m.notice_id AND f.sha256 = m.sha256
    AND NOT EXISTS (SELECT 1 FROM stage.figure AS s WHERE s.run_id = %(run_id)s AND s.figure_id = f.figure_id)
)
INSERT INTO core.figure (
    figure_id, notice_id, sha256, run_id, char_start, char_end, raw, value, value_high, low, high, unit, qualifier,
    kind, measure, year, role, region, region_code, subject, indicator, series, page, quote, confidence, status
)
SELECT
    s.figure_id, s.notice_id, s.sha256, s.run_id, coalesce(char_start, 0), coalesce(char_end, 0), coalesce(raw, ''),
    value, value_high, low, high, coalesce(unit, ''), coalesce(qualifier, ''), coalesce(kind, ''),
    coalesce(measure, ''), year, coalesce(role, ''), region, region_code, coalesce(subject, ''), indicator, series,
    page, coalesce(quote, ''), coalesce(confidence, 0), 'passed'
FROM stage.figure AS s
JOIN mine USING (notice_id, sha256)
WHERE s.run_id = %(run_id)s
ON CONFLICT (figure_id) DO UPDATE
SET
    run_id = excluded.run_id, raw = excluded.raw, value = excluded.value, value_high = excluded.value_high,
    low = excluded.low, high = excluded.high, unit = excluded.unit, qualifier = excluded.qualifier,
    kind = excluded.kind, measure = excluded.measure, year = excluded.year, role = excluded.role,
    region = excluded.region, region_code = excluded.region_code, subject = excluded.subject,
    indicator = excluded.indicator, series = excluded.series, page = excluded.page, quote = excluded.quote,
    confidence = excluded.confidence
