-- Of what is better low (失业率, PM2.5浓度), a target is not to be exceeded.
ALTER TABLE core.indicator ADD COLUMN target_is_ceiling boolean NOT NULL DEFAULT FALSE;
