-- Corrected figures take their new values; what was read is kept beside. A file goes before a decision, a later
-- decision before an earlier one. Bounds move with the value: an exact figure stays exact, 近100 corrected to 200
-- keeps its share; a range corrected to one value is exact.
WITH chosen AS (
    SELECT DISTINCT ON (figure_id) *
    FROM (
        SELECT
            m.figure_id, 0 AS rank, c.origin, c.value, c.year, c.region, c.region_code, c.reason, c.corrected_by,
            now() AS corrected_at, c.expires_on
        FROM matched_correction AS m
        JOIN audit.listed_correction AS c USING (origin)
        UNION ALL
        SELECT
            a.figure_id, d.decision_id, 'decision ' || d.decision_id, d.value, d.year, d.region, d.region_code,
            d.reason, d.decided_by, d.decided_at, d.expires_on
        FROM audit.finding AS a
        JOIN (
            SELECT DISTINCT ON (finding_id) * FROM audit.decision ORDER BY finding_id, decision_id DESC
        ) AS d USING (finding_id)
        WHERE a.state = 'corrected' AND d.state = 'corrected' AND d.basis = a.basis
    ) AS candidates
    ORDER BY figure_id, rank > 0, rank DESC
), kept AS (
    INSERT INTO core.correction (
        figure_id, origin, reason, corrected_by, corrected_at, expires_on, original_value, original_value_high,
        original_low, original_high, original_year, original_region, original_region_code
    )
    SELECT
        f.figure_id, c.origin, c.reason, c.corrected_by, c.corrected_at, c.expires_on, f.value, f.value_high, f.low,
        f.high, f.year, f.region, f.region_code
    FROM chosen AS c
    JOIN core.figure AS f USING (figure_id)
)
UPDATE core.figure AS f
SET
    value = coalesce(c.value, f.value),
    value_high = CASE WHEN c.value IS NULL THEN f.value_high END,
    low = CASE
        WHEN c.value IS NULL OR f.low IS NULL THEN f.low
        WHEN f.low = f.value OR coalesce(f.value, 0) = 0 OR f.value_high IS NOT NULL THEN c.value
        ELSE round(f.low * c.value / f.value, 6)
    END,
    high = CASE
        WHEN c.value IS NULL OR f.high IS NULL THEN f.high
        WHEN f.high = f.value OR coalesce(f.value, 0) = 0 OR f.value_high IS NOT NULL THEN c.value
        ELSE round(f.high * c.value / f.value, 6)
    END,
    year = coalesce(c.year, f.year),
    region = coalesce(c.region, f.region),
    region_code = CASE WHEN c.region IS NULL THEN f.region_code ELSE c.region_code END
FROM chosen AS c
WHERE f.figure_id = c.figure_id
