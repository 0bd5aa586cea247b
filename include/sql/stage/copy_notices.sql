COPY stage.notice (
    run_id, notice_id, sha256, source, url, attachment_of, fetched_at, name, path, media_type, size, title, number,
    issuer, published_on, genre, year, region, description, cautions, passages, text, characters, extractor, unreadable
) FROM STDIN
