-- basis: what a decision rests on. A decision stands while its finding's basis is still the one that was decided on.
ALTER TABLE audit.finding
    ADD COLUMN basis text GENERATED ALWAYS AS (
        md5(regexp_replace(evidence || '|' || expected || '|' || seen, '\s', '', 'g'))
    ) STORED,
    ADD COLUMN state_since timestamptz;

ALTER TABLE audit.decision
    ADD COLUMN basis text NOT NULL,
    ADD COLUMN year integer,
    ADD COLUMN region text,
    ADD COLUMN region_code text;

-- The files of include/corrections, entered anew at every publication of their source.
CREATE TABLE audit.listed_correction (
    origin text PRIMARY KEY,
    source text NOT NULL,
    notice_id text NOT NULL,
    sha256 text NOT NULL,
    raw text NOT NULL,
    read_value numeric NOT NULL,
    char_start integer,
    value numeric,
    year integer,
    region text,
    region_code text,
    reason text NOT NULL,
    corrected_by text NOT NULL,
    expires_on date NOT NULL
);
COMMENT ON COLUMN audit.listed_correction.sha256 IS 'how the hash of the version begins that it was written for';

-- Figures that are published otherwise than they were read, with what was read.
CREATE TABLE core.correction (
    figure_id text PRIMARY KEY REFERENCES core.figure ON DELETE CASCADE,
    origin text NOT NULL,
    reason text NOT NULL,
    corrected_by text NOT NULL,
    corrected_at timestamptz NOT NULL,
    expires_on date,
    original_value numeric,
    original_value_high numeric,
    original_low numeric,
    original_high numeric,
    original_year integer,
    original_region text,
    original_region_code text
);
COMMENT ON COLUMN core.correction.origin IS 'the file of include/corrections and its entry, or decision NUMBER';
