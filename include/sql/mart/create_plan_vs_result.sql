-- A target beside what a later notice reports of the same thing, place and year, in the same measure.
-- With both bounds open or touching the outcome is undecided: 近100家 may or may not be 100.
CREATE MATERIALIZED VIEW mart.plan_vs_result AS
WITH stated AS (
    SELECT
        f.*,
        coalesce(series, indicator) AS what,
        coalesce(region, '') AS place,
        coalesce(published_on, fetched_at::date) AS stated_on
    FROM mart.figure AS f
    WHERE year IS NOT NULL AND coalesce(indicator, series) IS NOT NULL
), matched AS (
    SELECT DISTINCT ON (t.figure_id)
        t.figure_id AS target_figure_id,
        r.figure_id AS result_figure_id,
        t.indicator,
        t.series,
        t.region,
        t.year,
        t.unit,
        t.value AS target_value,
        t.qualifier AS target_qualifier,
        t.low AS target_low,
        t.high AS target_high,
        r.value AS result_value,
        r.qualifier AS result_qualifier,
        r.low AS result_low,
        r.high AS result_high,
        t.notice_id AS target_notice_id,
        t.quote AS target_quote,
        r.notice_id AS result_notice_id,
        r.quote AS result_quote
    FROM stated AS t
    LEFT JOIN stated AS r
        ON r.role = 'actual' AND r.what = t.what AND r.place = t.place AND r.year = t.year
        AND r.kind = t.kind AND r.measure = t.measure AND r.notice_id <> t.notice_id AND r.stated_on >= t.stated_on
    WHERE t.role = 'target'
    ORDER BY t.figure_id, r.status = 'passed' DESC NULLS LAST, r.qualifier = 'exact' DESC NULLS LAST,
        r.source = t.source DESC NULLS LAST, r.stated_on DESC, r.confidence DESC, r.figure_id
), bounded AS (
    -- 不超过, 下降5%以上, and what is better low (失业率): at most target_high. Everything else, a bare number too, asks
    -- for at least its lower bound.
    SELECT
        m.*,
        target_low IS NULL OR (target_high < 0 AND target_value < 0)
            OR (coalesce(i.target_is_ceiling, FALSE) AND target_high IS NOT NULL) AS is_ceiling
    FROM matched AS m
    LEFT JOIN core.indicator AS i ON i.indicator = m.indicator
)
SELECT
    indicator,
    series,
    region,
    year,
    target_value,
    target_qualifier,
    target_low,
    target_high,
    result_value,
    result_low,
    result_high,
    CASE
        WHEN result_figure_id IS NULL THEN 'unreported'
        WHEN is_ceiling AND result_high <= target_high AND NOT (result_high = target_high AND target_qualifier = 'under'
            AND result_qualifier <> 'under') THEN 'met'
        WHEN is_ceiling AND (result_low > target_high OR (result_low = target_high
            AND (target_qualifier = 'under' OR result_qualifier = 'over'))) THEN 'missed'
        WHEN is_ceiling THEN 'undecided'
        WHEN result_low >= target_low AND NOT (result_low = target_low AND target_qualifier = 'over'
            AND result_qualifier <> 'over') THEN 'met'
        WHEN result_high < target_low OR (result_high = target_low
            AND (target_qualifier = 'over' OR result_qualifier IN ('under', 'nearly'))) THEN 'missed'
        ELSE 'undecided'
    END AS outcome,
    target_notice_id,
    target_quote,
    result_notice_id,
    result_quote,
    unit,
    result_qualifier,
    target_figure_id,
    result_figure_id
FROM bounded;
CREATE UNIQUE INDEX ON mart.plan_vs_result (target_figure_id);
CREATE INDEX ON mart.plan_vs_result (outcome, year);
