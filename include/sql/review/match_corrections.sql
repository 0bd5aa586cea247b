-- The figure that each entry of the files means: of the version that it names, written and read as it says. Run after
-- corrections are undone, so that values are those read.
CREATE TEMPORARY TABLE matched_correction ON COMMIT DROP AS
SELECT c.origin, f.figure_id
FROM audit.listed_correction AS c
JOIN core.notice AS n ON n.notice_id = c.notice_id AND starts_with(n.sha256, c.sha256)
JOIN core.figure AS f
    ON f.notice_id = n.notice_id AND f.sha256 = n.sha256
    AND regexp_replace(f.raw, '\s', '', 'g') = c.raw AND f.value = c.read_value
    AND (c.char_start IS NULL OR f.char_start = c.char_start)
WHERE c.expires_on >= current_date
