-- The rules ask the catalogue itself for units, signs and jumps; nothing read these any more.
ALTER TABLE core.indicator
    DROP COLUMN units,
    DROP COLUMN may_be_negative,
    DROP COLUMN jump_percent,
    DROP COLUMN jump_points;
