-- What was audited has left the stage: whoever publishes the run after all is told so, and publishes nothing.
DELETE FROM audit.audit AS a
WHERE a.run_id = %(run_id)s
AND NOT EXISTS (SELECT 1 FROM core.publication AS p WHERE p.run_id = a.run_id)
