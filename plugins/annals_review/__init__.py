"""The review page: what the checks found, on Airflow's own web server, for those who settle it."""
