-- stage: what a run has read and not yet published. core: what is published, with its history.
-- audit: what the checks said. mart: what analysts read.
CREATE SCHEMA stage;
CREATE SCHEMA core;
CREATE SCHEMA audit;
CREATE SCHEMA mart;

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'annals_analyst') THEN
        CREATE ROLE annals_analyst NOLOGIN;
    END IF;
END
$$;
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO annals_analyst', current_database());
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA mart TO annals_analyst;
ALTER DEFAULT PRIVILEGES IN SCHEMA mart GRANT SELECT ON TABLES TO annals_analyst;
