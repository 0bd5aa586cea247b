INSERT INTO core.indicator (
    indicator, name, unit, measure, units, low, high, jump_percent, jump_points, may_be_negative, target_is_ceiling
)
VALUES (
    %(indicator)s, %(name)s, %(unit)s, %(measure)s, %(units)s, %(low)s, %(high)s, %(jump_percent)s, %(jump_points)s,
    %(may_be_negative)s, %(target_is_ceiling)s
)
ON CONFLICT (indicator) DO UPDATE
SET
    name = excluded.name, unit = excluded.unit, measure = excluded.measure, units = excluded.units,
    low = excluded.low, high = excluded.high, jump_percent = excluded.jump_percent,
    jump_points = excluded.jump_points, may_be_negative = excluded.may_be_negative,
    target_is_ceiling = excluded.target_is_ceiling
