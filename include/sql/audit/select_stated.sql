-- Staged figures that no error withholds, beside the published ones of all other notices; only of what is stated more
-- than once, or planned. Grouped by subject: a series reads subject|unit|measure. What has no series, since its subject
-- does not say enough (公众), is grouped by source, place, subject and unit.
WITH stated AS (
    SELECT
        f.figure_id, f.notice_id, n.title, n.source, coalesce(n.genre, 'other') AS genre, n.region AS place,
        coalesce(n.published_on, n.fetched_at::date) AS stated_on, TRUE AS staged,
        f.char_start, f.char_end, f.raw, f.value, f.value_high, f.low, f.high, f.unit, f.qualifier, f.kind, f.measure,
        f.year, f.role, f.region, f.subject, f.indicator, f.series, f.page, f.quote, f.confidence
    FROM stage.figure AS f
    JOIN stage.notice AS n USING (run_id, notice_id)
    WHERE f.run_id = %(run_id)s
    AND NOT EXISTS (
        SELECT 1 FROM stage.finding AS x
        WHERE x.run_id = f.run_id AND x.severity = 'error' AND x.notice_id = f.notice_id
        AND (x.figure_id = f.figure_id OR x.figure_id IS NULL)
    )
    UNION ALL
    SELECT
        f.figure_id, f.notice_id, v.title, n.source, v.genre, v.region, coalesce(v.published_on, v.fetched_at::date),
        FALSE,
        f.char_start, f.char_end, f.raw, f.value, f.value_high, f.low, f.high, f.unit, f.qualifier, f.kind, f.measure,
        f.year, f.role, f.region, f.subject, f.indicator, f.series, f.page, f.quote, f.confidence
    FROM core.figure AS f
    JOIN core.notice AS n USING (notice_id, sha256)
    JOIN core.version AS v USING (notice_id, sha256)
    WHERE f.status <> 'quarantined'
    AND NOT EXISTS (SELECT 1 FROM stage.notice AS s WHERE s.run_id = %(run_id)s AND s.notice_id = f.notice_id)
), keyed AS (
    SELECT
        coalesce(
            split_part(series, '|', 1), indicator,
            concat_ws('|', '~', source, coalesce(region, ''), subject, unit)
        ) AS subject_key,
        s.*
    FROM stated AS s
    WHERE coalesce(indicator, series) IS NOT NULL
    OR (role = 'actual' AND measure = 'level' AND year IS NOT NULL AND subject <> '')
), counted AS (
    SELECT k.*, count(*) OVER (PARTITION BY subject_key) AS times FROM keyed AS k
)
SELECT
    subject_key, figure_id, notice_id, title, source, genre, place, stated_on, staged, char_start, char_end, raw, value,
    value_high, low, high, unit, qualifier, kind, measure, year, role, region, subject, indicator, series, page, quote,
    confidence
FROM counted
WHERE times > 1 OR (role = 'target' AND coalesce(indicator, series) IS NOT NULL)
ORDER BY subject_key, year, stated_on, figure_id
