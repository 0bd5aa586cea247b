SELECT
    (SELECT count(*) FROM mart.figure),
    (SELECT count(*) FROM mart.notice),
    (SELECT count(*) FROM mart.quarantine)
