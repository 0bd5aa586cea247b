"""Says, as an import error in the UI, which source files are wrong; the DAGs of the others stand all the same."""

from annals.settings import Settings
from annals.sources import load

# Airflow looks for DAGs in files that speak of airflow and DAG; this file has none, and raises where there is cause.
if errors := load(Settings.from_environment().sources).errors:
    raise ExceptionGroup("source files that cannot be used", errors)
