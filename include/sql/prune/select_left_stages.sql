-- Runs that have left rows in the stage: long begun, and ended without cleaning up. What was staged of late is let be:
-- a person may have cleared an old run, and it runs anew.
SELECT r.run_id
FROM core.run AS r
WHERE r.started_at < %(before)s
AND (
    EXISTS (SELECT 1 FROM stage.notice AS n WHERE n.run_id = r.run_id)
    OR EXISTS (SELECT 1 FROM stage.figure AS f WHERE f.run_id = r.run_id)
    OR EXISTS (SELECT 1 FROM stage.finding AS g WHERE g.run_id = r.run_id)
)
AND NOT EXISTS (SELECT 1 FROM stage.notice AS n WHERE n.run_id = r.run_id AND n.fetched_at >= %(before)s)
AND (
    coalesce(r.finished_at < %(before)s, FALSE)
    -- A run whose end nobody could enter, since the warehouse did not answer, or since somebody marked it as failed in
    -- the UI: the runs of a source do not overlap, and none is published while one before it waits for a person.
    OR (
        r.state = 'running'
        AND EXISTS (
            SELECT 1 FROM core.run AS o
            LEFT JOIN core.publication AS p USING (run_id)
            WHERE o.source = r.source AND o.started_at > r.started_at
            AND (
                p.run_id IS NOT NULL
                OR NOT EXISTS (SELECT 1 FROM core.approval AS a WHERE a.run_id = r.run_id AND a.approved IS NULL)
            )
        )
    )
)
ORDER BY r.started_at, r.run_id
