-- Of several figures for one cell the surest stands: passed before flagged, exact before bounded, newest notice first.
-- `sources` counts the figures whose intervals admit its value. growth is in percent of the previous year's value,
-- of levels and additions only: a share's growth is read as a change in points.
CREATE MATERIALIZED VIEW mart.indicator_by_year AS
WITH ranked AS (
    SELECT
        f.*,
        row_number() OVER (
            PARTITION BY indicator, region, year, role, measure
            ORDER BY status = 'passed' DESC, qualifier = 'exact' DESC, published_on DESC NULLS LAST, confidence DESC,
                figure_id
        ) AS rank
    FROM mart.figure AS f
    WHERE indicator IS NOT NULL AND year IS NOT NULL AND value IS NOT NULL
), chosen AS (
    SELECT
        c.*,
        (
            SELECT count(*) FROM ranked AS r
            WHERE r.indicator = c.indicator AND r.year = c.year AND r.role = c.role AND r.measure = c.measure
            AND r.region IS NOT DISTINCT FROM c.region AND r.kind = c.kind
            AND coalesce(r.low <= c.high, TRUE) AND coalesce(r.high >= c.low, TRUE)
        ) AS sources
    FROM ranked AS c
    WHERE rank = 1
), with_previous AS (
    SELECT
        c.*,
        CASE
            WHEN lag(year) OVER series_of_years = year - 1 AND lag(kind) OVER series_of_years = kind
            THEN lag(value) OVER series_of_years
        END AS previous_value
    FROM chosen AS c
    WINDOW series_of_years AS (PARTITION BY indicator, region, role, measure ORDER BY year)
)
SELECT
    indicator,
    indicator_name,
    region,
    year,
    role,
    measure,
    value,
    low,
    high,
    unit,
    qualifier,
    previous_value,
    value - previous_value AS change,
    CASE
        WHEN measure IN ('level', 'added') AND kind IN ('count', 'money') AND previous_value > 0
        THEN round(100 * (value - previous_value) / previous_value, 4)
    END AS growth,
    notice_id,
    quote,
    sources,
    figure_id,
    status
FROM with_previous;
CREATE UNIQUE INDEX ON mart.indicator_by_year (indicator, region, year, role, measure) NULLS NOT DISTINCT;
CREATE INDEX ON mart.indicator_by_year (region, year);
