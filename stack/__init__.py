"""What `make run`, `make stop` and `make status` use: the services of one machine, started, watched and stopped as one.

processes    programs that outlive us: started, recorded, found again, ended
environment  the settings under which Airflow and its tasks run
api          Airflow's REST API, as far as we ask it
services     the warehouse, the sample publisher, the four processes of Airflow, and the watchdog
watch        the watchdog: its rounds, and what of them is news to whom
looks        what it looks at
tell         how it reaches people, past Airflow
show         what a person sees while it works, and at the end
"""
