SELECT source, last_success_at FROM mart.source_health
