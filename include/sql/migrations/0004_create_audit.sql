CREATE TABLE audit.audit (
    run_id text PRIMARY KEY,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    checks integer,
    failed integer
);

-- One row for each check of each run, whether it found something or not.
CREATE TABLE audit.result (
    run_id text NOT NULL,
    code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('expectation', 'rule')),
    subject text NOT NULL,
    sentence text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    evaluated bigint NOT NULL,
    failed bigint NOT NULL,
    seconds double precision NOT NULL,
    ran_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, code)
);

-- What this run's audit found; publish merges it into audit.finding.
CREATE TABLE stage.finding (
    run_id text NOT NULL,
    finding_id text NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    notice_id text NOT NULL,
    figure_id text,
    message text NOT NULL,
    expected text NOT NULL,
    seen text NOT NULL,
    evidence text NOT NULL,
    char_start integer,
    char_end integer,
    action text NOT NULL,
    PRIMARY KEY (run_id, finding_id)
);

-- A finding's identity outlives runs: rule, notice and the sentence at fault. resolved_at: it is no longer found.
CREATE TABLE audit.finding (
    finding_id text PRIMARY KEY,
    rule text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    notice_id text NOT NULL,
    figure_id text,
    message text NOT NULL,
    expected text NOT NULL,
    seen text NOT NULL,
    evidence text NOT NULL,
    char_start integer,
    char_end integer,
    action text NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'corrected', 'dismissed')),
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    first_run_id text NOT NULL,
    last_run_id text NOT NULL,
    resolved_at timestamptz
);
CREATE INDEX ON audit.finding (notice_id);
CREATE INDEX ON audit.finding (figure_id);

-- Who settled a finding, when and why; value, where the figure was corrected.
CREATE TABLE audit.decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    finding_id text NOT NULL REFERENCES audit.finding,
    state text NOT NULL CHECK (state IN ('open', 'accepted', 'corrected', 'dismissed')),
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    reason text NOT NULL,
    value numeric,
    expires_on date
);
CREATE INDEX ON audit.decision (finding_id, decided_at);
