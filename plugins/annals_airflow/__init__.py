"""Between Airflow and `annals`: what the DAGs share, and what needs Airflow's connections, links or web server."""
