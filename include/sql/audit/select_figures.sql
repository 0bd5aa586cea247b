SELECT
    -- The staged figures of a run, beside the columns that an expectation looks at: null where it does not apply.
    f.figure_id,
    f.notice_id,
    f.raw,
    f.value,
    f.value_high,
    f.low,
    f.high,
    f.unit,
    f.qualifier,
    f.kind,
    f.measure,
    f.year,
    f.role,
    f.region_code,
    f.subject,
    f.series,
    f.page,
    f.quote,
    f.confidence,
    f.char_start,
    f.char_end,
    n.characters,
    CASE WHEN f.unit = '%%' AND f.measure = 'share' THEN coalesce(f.value_high, f.value) END AS share_percent,
    CASE
        WHEN f.unit = '‰' AND f.measure = 'share'
        THEN CASE WHEN i.may_be_negative THEN abs(f.value) ELSE coalesce(f.value_high, f.value) END
    END AS share_per_mille,
    CASE WHEN f.unit = '%%' AND f.measure = 'growth' THEN f.value END AS growth_percent,
    CASE WHEN f.measure IN ('level', 'added', 'share') AND i.may_be_negative IS NOT TRUE THEN f.value END AS amount,
    CASE WHEN f.kind = 'percent' THEN f.unit END AS percent_unit,
    CASE WHEN f.kind = 'money' THEN f.unit END AS money_unit,
    -- What comes to so many a head, a vehicle or a 亿元 is no count: 每万人12.5件, 万车死亡率0.67人, 0.6人/百亿元.
    CASE
        WHEN f.unit IN ('人', '名', '位', '家', '人次', '所', '场', '次', '件') AND f.kind = 'count'
            AND (
                mod(f.value, 1) = 0
                OR f.subject || right(split_part(f.quote, f.raw, 1), 24) || left(split_part(f.quote, f.raw, 2), 1)
                    !~ '每|均|率|万车|亿元(地区|生产|产值|GDP)|[/／]'
            )
        THEN mod(f.value, 1)
    END AS part_of_one,
    CASE WHEN f.role = 'actual' THEN f.year END AS actual_year,
    CASE
        WHEN f.role = 'target' THEN f.year - extract(YEAR FROM coalesce(n.published_on, n.fetched_at::date))::integer
    END AS target_years_ahead,
    extract(YEAR FROM coalesce(n.published_on, n.fetched_at::date))::integer AS published_year,
    f.char_start + 1 AS char_after_start,
    CASE WHEN f.measure = i.measure THEN i.low END AS indicator_low,
    CASE WHEN f.measure = i.measure THEN i.high END AS indicator_high,
    CASE WHEN f.measure = i.measure AND split_part(f.series, '|', 2) <> ALL (i.units) THEN f.unit END AS foreign_unit
FROM stage.figure AS f
JOIN stage.notice AS n USING (run_id, notice_id)
LEFT JOIN core.indicator AS i USING (indicator)
WHERE f.run_id = %(run_id)s
