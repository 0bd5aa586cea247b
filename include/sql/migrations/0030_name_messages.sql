-- said: the name of the message in include/words/checks and what fills its places; message, expected, seen and action
-- hold the same in English. Null in what was found before.
ALTER TABLE stage.finding ADD COLUMN said jsonb;
ALTER TABLE audit.finding ADD COLUMN said jsonb;
