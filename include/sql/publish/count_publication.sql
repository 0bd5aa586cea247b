UPDATE core.publication AS p
SET notices = n.notices, figures = f.figures, passed = f.passed, flagged = f.flagged, quarantined = f.quarantined
FROM (SELECT count(*) AS notices FROM core.version WHERE run_id = %(run_id)s) AS n,
(
    SELECT
        count(*) AS figures,
        count(*) FILTER (WHERE status = 'passed') AS passed,
        count(*) FILTER (WHERE status = 'flagged') AS flagged,
        count(*) FILTER (WHERE status = 'quarantined') AS quarantined
    FROM core.figure WHERE run_id = %(run_id)s
) AS f
WHERE p.run_id = %(run_id)s
