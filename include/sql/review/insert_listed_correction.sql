INSERT INTO audit.listed_correction (
    origin, source, notice_id, sha256, raw, read_value, char_start, value, year, region, region_code, reason,
    corrected_by, expires_on
)
VALUES (
    %(origin)s, %(source)s, %(notice_id)s, %(sha256)s, %(raw)s, %(read_value)s, %(char_start)s, %(value)s, %(year)s,
    %(region)s, %(region_code)s, %(reason)s, %(corrected_by)s, %(expires_on)s
)
