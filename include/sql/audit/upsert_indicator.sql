INSERT INTO core.indicator (indicator, name, unit, measure, low, high, target_is_ceiling)
VALUES (%(indicator)s, %(name)s, %(unit)s, %(measure)s, %(low)s, %(high)s, %(target_is_ceiling)s)
ON CONFLICT (indicator) DO UPDATE
SET
    name = excluded.name, unit = excluded.unit, measure = excluded.measure, low = excluded.low, high = excluded.high,
    target_is_ceiling = excluded.target_is_ceiling
