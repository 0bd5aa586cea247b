-- A silence that no longer holds, and why. By the clock, as insert_told tells.
WITH over AS (
    SELECT
        s.silence_id,
        CASE
            WHEN f.resolved_at IS NOT NULL OR f.basis <> s.basis THEN 'changed'
            WHEN f.state <> 'open' THEN 'settled'
            WHEN s.expires_on < current_date THEN 'expired'
        END AS ended
    FROM audit.silence AS s
    JOIN audit.finding AS f USING (finding_id)
    WHERE s.ended_at IS NULL
)
UPDATE audit.silence AS s
SET ended_at = clock_timestamp(), ended = o.ended
FROM over AS o
WHERE s.silence_id = o.silence_id AND o.ended IS NOT NULL
