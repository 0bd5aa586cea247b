SELECT
    -- The staged notices of a run, beside the columns that an expectation looks at: null where it does not apply.
    n.notice_id,
    n.sha256,
    n.url,
    n.title,
    n.genre,
    -- A notice about old records is of no year of theirs.
    CASE WHEN n.title !~ '档案|史料|文献|旧志|[县市省地]志|遗址|文物|诞辰|周年|纪念' THEN n.year END AS year_of_work,
    n.year,
    n.published_on,
    n.fetched_at,
    n.extractor,
    n.unreadable,
    n.name,
    n.fetched_at::date AS fetched_on,
    CASE WHEN n.unreadable IS NULL THEN n.characters END AS characters_read,
    CASE WHEN n.unreadable IS NULL THEN coalesce(n.title, '') END AS title_read,
    CASE WHEN n.unreadable IS NULL THEN extract(YEAR FROM n.published_on)::integer + 1 END AS year_after_publication,
    CASE
        WHEN n.unreadable IS NULL
        THEN (SELECT count(*) FROM stage.figure AS f WHERE f.run_id = n.run_id AND f.notice_id = n.notice_id)
    END AS figures
FROM stage.notice AS n
WHERE n.run_id = %(run_id)s
