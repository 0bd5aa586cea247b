-- Of each check, the first findings that this run was the first or the last to make.
SELECT finding_id
FROM (
    SELECT
        finding_id,
        row_number() OVER (
            PARTITION BY rule ORDER BY resolved_at IS NOT NULL, state <> 'open', notice_id, char_start, finding_id
        ) AS number
    FROM audit.finding
    WHERE %(run_id)s IN (first_run_id, last_run_id)
) AS made
WHERE number <= %(each)s
