-- A finding is in the state that was last decided, while the decision rests on what the finding still says and has not
-- expired; otherwise it is open again. A figure that a file corrects settles its findings; one that is corrected
-- keeps them on record, though the checks, which see the corrected value, no longer find them.
WITH latest AS (
    SELECT DISTINCT ON (finding_id) finding_id, state, basis, expires_on
    FROM audit.decision
    ORDER BY finding_id, decision_id DESC
), due AS (
    SELECT
        f.finding_id,
        CASE
            WHEN c.figure_id IS NOT NULL THEN 'corrected'
            WHEN l.basis = f.basis AND coalesce(l.expires_on >= current_date, TRUE) THEN l.state
            ELSE 'open'
        END AS state,
        coalesce(c.figure_id, g.figure_id) IS NOT NULL AS stands
    FROM audit.finding AS f
    LEFT JOIN latest AS l USING (finding_id)
    LEFT JOIN core.figure AS g
        ON g.figure_id = f.figure_id
        AND EXISTS (SELECT 1 FROM core.notice AS n WHERE n.notice_id = g.notice_id AND n.sha256 = g.sha256)
    LEFT JOIN matched_correction AS c ON c.figure_id = f.figure_id
    WHERE l.finding_id IS NOT NULL OR c.figure_id IS NOT NULL OR f.state <> 'open'
)
UPDATE audit.finding AS f
SET
    state = d.state,
    state_since = CASE WHEN f.state = d.state THEN f.state_since ELSE now() END,
    resolved_at = CASE WHEN d.state = 'corrected' AND d.stands THEN NULL ELSE f.resolved_at END
FROM due AS d
WHERE f.finding_id = d.finding_id
AND (f.state <> d.state OR (d.state = 'corrected' AND d.stands AND f.resolved_at IS NOT NULL))
