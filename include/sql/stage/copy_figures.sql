COPY stage.figure (
    run_id, figure_id, notice_id, sha256, char_start, char_end, raw, value, value_high, low, high, unit, qualifier,
    kind, measure, year, role, region, region_code, subject, indicator, series, page, quote, confidence
) FROM STDIN
