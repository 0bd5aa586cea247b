-- The same bytes read anew (a better extractor) replace their reading; an older capture never replaces a newer one.
INSERT INTO core.version (
    notice_id, sha256, run_id, fetched_at, name, path, media_type, size, title, number, issuer, published_on, genre,
    year, region, description, cautions, passages, text, characters, extractor, unreadable
)
SELECT
    notice_id, sha256, run_id, fetched_at, name, path, media_type, size, title, number, issuer, published_on,
    coalesce(genre, 'other'), year, region, description, cautions, passages, text, coalesce(characters, 0),
    coalesce(extractor, ''), unreadable
FROM stage.notice
WHERE run_id = %(run_id)s
ON CONFLICT (notice_id, sha256) DO UPDATE
SET
    run_id = excluded.run_id, fetched_at = excluded.fetched_at, name = excluded.name, path = excluded.path,
    media_type = excluded.media_type, size = excluded.size, title = excluded.title, number = excluded.number,
    issuer = excluded.issuer, published_on = excluded.published_on, genre = excluded.genre, year = excluded.year,
    region = excluded.region, description = excluded.description, cautions = excluded.cautions,
    passages = excluded.passages, text = excluded.text, characters = excluded.characters,
    extractor = excluded.extractor, unreadable = excluded.unreadable
WHERE excluded.fetched_at >= core.version.fetched_at
