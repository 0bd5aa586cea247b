COPY stage.finding (
    run_id, finding_id, rule, severity, notice_id, message, expected, seen, evidence, char_start, char_end, figure_id,
    action, said
) FROM STDIN
