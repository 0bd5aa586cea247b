"""What `make run` and `make stop` use: the services of one machine, started and stopped as one.

processes    programs that outlive us: started, recorded, found again, ended
environment  the settings under which Airflow and its tasks run
api          Airflow's REST API, as far as we ask it
services     the warehouse, the sample publisher, and the four processes of Airflow
show         what a person sees while it works, and at the end
"""
