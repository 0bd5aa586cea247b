-- sha256: the version in which a finding was last found; another one now says that the publisher changed the text.
ALTER TABLE audit.finding ADD COLUMN sha256 text;
UPDATE audit.finding AS f SET sha256 = n.sha256 FROM core.notice AS n WHERE n.notice_id = f.notice_id;

-- Alerts as they were written down; posted_at: when they went into the outbox, which lies in the archive.
CREATE TABLE audit.alert (
    alert_id uuid PRIMARY KEY,
    run_id text NOT NULL,
    source text NOT NULL REFERENCES core.source,
    subject text NOT NULL,
    made_at timestamptz NOT NULL,
    content jsonb,
    posted_at timestamptz,
    CHECK ((content IS NULL) = (posted_at IS NOT NULL))
);
COMMENT ON COLUMN audit.alert.content IS 'the message; the outbox has it once it is posted';
CREATE INDEX ON audit.alert (made_at) WHERE posted_at IS NULL;

-- What people were told of a finding: that it is new, that it is open still, that it is gone.
CREATE TABLE audit.told (
    finding_id text NOT NULL REFERENCES audit.finding,
    change text NOT NULL CHECK (change IN ('new', 'open', 'resolved')),
    run_id text NOT NULL,
    alert_id uuid NOT NULL REFERENCES audit.alert,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (finding_id, alert_id)
);

-- A finding that no alert speaks of for a while. It ends with the case that it rests on, when the finding is settled or
-- gone, on its day, or when somebody lifts it.
CREATE TABLE audit.silence (
    silence_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    finding_id text NOT NULL REFERENCES audit.finding,
    silenced_by text NOT NULL,
    silenced_at timestamptz NOT NULL,
    reason text NOT NULL,
    expires_on date NOT NULL,
    basis text NOT NULL,
    ended_at timestamptz,
    ended text CHECK (ended IN ('expired', 'changed', 'settled', 'lifted')),
    lifted_by text,
    CHECK ((ended_at IS NULL) = (ended IS NULL)),
    CHECK ((ended = 'lifted') = (lifted_by IS NOT NULL))
);
CREATE UNIQUE INDEX ON audit.silence (finding_id) WHERE ended_at IS NULL;
