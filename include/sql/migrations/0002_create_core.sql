CREATE TABLE core.source (
    source text PRIMARY KEY,
    owner text NOT NULL,
    publisher text NOT NULL,
    last_new_notice_at timestamptz
);

CREATE TABLE core.run (
    run_id text PRIMARY KEY,
    source text NOT NULL REFERENCES core.source,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'succeeded', 'failed')),
    error text,
    counts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ON core.run (source, started_at);

CREATE TABLE core.indicator (
    indicator text PRIMARY KEY,
    name text NOT NULL,
    unit text NOT NULL
);

-- One row a notice; sha256 names its newest version. Deferred, since a notice and its first version arrive together.
CREATE TABLE core.notice (
    notice_id text PRIMARY KEY,
    source text NOT NULL REFERENCES core.source,
    url text NOT NULL,
    attachment_of text,
    sha256 text,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX ON core.notice (source);

-- Publishers revise in place: every version that was ever published stays.
CREATE TABLE core.version (
    notice_id text NOT NULL REFERENCES core.notice,
    sha256 text NOT NULL,
    run_id text NOT NULL,
    fetched_at timestamptz NOT NULL,
    name text NOT NULL,
    path text NOT NULL,
    media_type text,
    size bigint NOT NULL,
    title text,
    number text,
    issuer text,
    published_on date,
    genre text NOT NULL,
    year integer,
    region text,
    description jsonb NOT NULL,
    cautions jsonb NOT NULL,
    passages jsonb NOT NULL,
    text text NOT NULL,
    characters integer NOT NULL,
    extractor text NOT NULL,
    unreadable text,
    PRIMARY KEY (notice_id, sha256)
);

CREATE TABLE core.figure (
    figure_id text PRIMARY KEY,
    notice_id text NOT NULL,
    sha256 text NOT NULL,
    run_id text NOT NULL,
    char_start integer NOT NULL,
    char_end integer NOT NULL,
    raw text NOT NULL,
    value numeric,
    value_high numeric,
    low numeric,
    high numeric,
    unit text NOT NULL,
    qualifier text NOT NULL,
    kind text NOT NULL,
    measure text NOT NULL,
    year integer,
    role text NOT NULL,
    region text,
    region_code text,
    subject text NOT NULL,
    indicator text,
    series text,
    page integer,
    quote text NOT NULL,
    confidence double precision NOT NULL,
    status text NOT NULL CHECK (status IN ('passed', 'flagged', 'quarantined')),
    withheld_since timestamptz,
    FOREIGN KEY (notice_id, sha256) REFERENCES core.version ON DELETE CASCADE
);
CREATE INDEX ON core.figure (notice_id, sha256);
CREATE INDEX ON core.figure (indicator, region, year) WHERE indicator IS NOT NULL;
CREATE INDEX ON core.figure (series);

-- The fence: whoever inserts a run's row first publishes the run, once.
CREATE TABLE core.publication (
    run_id text PRIMARY KEY,
    published_at timestamptz NOT NULL,
    notices integer NOT NULL DEFAULT 0,
    figures integer NOT NULL DEFAULT 0,
    passed integer NOT NULL DEFAULT 0,
    flagged integer NOT NULL DEFAULT 0,
    quarantined integer NOT NULL DEFAULT 0
);
