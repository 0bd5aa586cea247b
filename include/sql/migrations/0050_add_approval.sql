-- What a person was asked before a run is published, and said. Without a row nobody had to be asked.
CREATE TABLE core.approval (
    run_id text PRIMARY KEY REFERENCES core.run ON DELETE CASCADE,
    question text NOT NULL,
    asked_at timestamptz NOT NULL,
    approved boolean,
    answered_by text,
    answered_at timestamptz,
    note text NOT NULL DEFAULT '',
    CHECK ((approved IS NULL) = (answered_by IS NULL) AND (approved IS NULL) = (answered_at IS NULL))
);
COMMENT ON COLUMN core.approval.question IS 'the Markdown that the person saw';
