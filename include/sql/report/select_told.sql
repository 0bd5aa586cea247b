-- Errors that stand, and those that were told and are gone: what people know of each, and how it is now.
-- Ages are in days of UTC, since people were first told of it; over: its silence ended otherwise than by a person.
WITH told AS (
    SELECT
        finding_id,
        (array_agg(change ORDER BY told_at DESC))[1] AS change,
        max(told_at) AS at,
        max(told_at) FILTER (WHERE change = 'new') AS begun_at
    FROM audit.told
    GROUP BY finding_id
), days AS (
    SELECT
        finding_id,
        change,
        at,
        (now() AT TIME ZONE 'UTC')::date - (begun_at AT TIME ZONE 'UTC')::date AS age,
        (at AT TIME ZONE 'UTC')::date - (begun_at AT TIME ZONE 'UTC')::date AS told_at_age
    FROM told
)
SELECT
    f.finding_id,
    n.source,
    f.resolved_at IS NULL AND f.state = 'open' AND f.severity = 'error' AS stands,
    s.finding_id IS NOT NULL AS silenced,
    n.withdrawn_at IS NOT NULL AS withdrawn,
    t.change AS told,
    coalesce(t.age, 0) AS age,
    coalesce(t.told_at_age, 0) AS told_at_age,
    EXISTS (
        SELECT 1 FROM audit.silence AS o
        WHERE o.finding_id = f.finding_id AND o.ended IN ('expired', 'changed') AND o.ended_at > t.at
    ) AS silence_over
FROM audit.finding AS f
JOIN core.notice AS n USING (notice_id)
LEFT JOIN days AS t USING (finding_id)
LEFT JOIN audit.silence AS s ON s.finding_id = f.finding_id AND s.ended_at IS NULL
WHERE (f.resolved_at IS NULL AND f.state = 'open' AND f.severity = 'error') OR t.change IN ('new', 'open')
ORDER BY n.source, f.rule, f.notice_id, f.char_start, f.finding_id
