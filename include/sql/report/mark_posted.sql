UPDATE audit.alert SET posted_at = now(), content = NULL WHERE alert_id = %(alert_id)s
