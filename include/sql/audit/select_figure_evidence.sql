SELECT figure_id, notice_id, figure_id, coalesce(raw, 'a figure'), coalesce(quote, ''), char_start, char_end
FROM stage.figure
WHERE run_id = %(run_id)s AND figure_id = ANY(%(ids)s)
