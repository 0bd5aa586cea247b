CREATE VIEW mart.figure AS
SELECT
    f.figure_id,
    s.publisher,
    f.notice_id,
    v.title AS notice_title,
    v.number AS notice_number,
    v.published_on,
    n.url,
    v.genre,
    f.indicator,
    i.name AS indicator_name,
    f.series,
    f.region,
    f.region_code,
    f.year,
    f.role,
    f.kind,
    f.measure,
    f.value,
    f.value_high,
    f.low,
    f.high,
    f.unit,
    f.qualifier,
    f.raw,
    f.quote,
    f.page,
    f.char_start,
    f.char_end,
    f.status,
    f.subject,
    f.confidence,
    n.source,
    v.issuer,
    f.sha256,
    v.fetched_at,
    c.figure_id IS NOT NULL AS corrected,
    c.original_value,
    c.reason AS correction
FROM core.figure AS f
JOIN core.notice AS n USING (notice_id, sha256)
JOIN core.version AS v USING (notice_id, sha256)
JOIN core.source AS s USING (source)
LEFT JOIN core.indicator AS i USING (indicator)
LEFT JOIN core.correction AS c USING (figure_id)
WHERE f.status IN ('passed', 'flagged');
