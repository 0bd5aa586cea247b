-- From the catalogue: what a value of the indicator's own measure may be, and the jump from one year to the next that
-- needs a second look, relative in percent or, for percentages, in points.
ALTER TABLE core.indicator
    ADD COLUMN measure text NOT NULL DEFAULT 'level',
    ADD COLUMN units text [] NOT NULL DEFAULT '{}',
    ADD COLUMN low numeric,
    ADD COLUMN high numeric,
    ADD COLUMN jump_percent numeric,
    ADD COLUMN jump_points numeric,
    ADD COLUMN may_be_negative boolean NOT NULL DEFAULT FALSE;
