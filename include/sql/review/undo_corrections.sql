-- Back to what was read. Figures that this run has read anew hold that already.
WITH undone AS (
    DELETE FROM core.correction RETURNING *
)
UPDATE core.figure AS f
SET
    value = u.original_value, value_high = u.original_value_high, low = u.original_low, high = u.original_high,
    year = u.original_year, region = u.original_region, region_code = u.original_region_code
FROM undone AS u
WHERE f.figure_id = u.figure_id AND f.run_id <> %(run_id)s
