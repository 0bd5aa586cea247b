-- mark stands for what a reviewer saw: state, basis and last decision.
SELECT
    a.state,
    concat_ws('-', a.state, left(a.basis, 12), (
        SELECT max(decision_id) FROM audit.decision AS d WHERE d.finding_id = a.finding_id
    )) AS mark,
    f.figure_id,
    f.value,
    f.year,
    f.region,
    %(expires)s::date > current_date AS in_future,
    CASE WHEN c.origin NOT LIKE 'decision %%' THEN c.origin END AS file
FROM audit.finding AS a
LEFT JOIN core.figure AS f USING (figure_id)
LEFT JOIN core.correction AS c USING (figure_id)
WHERE a.finding_id = %(finding_id)s
