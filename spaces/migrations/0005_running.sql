-- What the examples of a revision gave when it was published; the outputs themselves are objects.
CREATE TABLE example_outputs (
    revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    -- Indices into the interface.
    endpoint    INTEGER NOT NULL CHECK (endpoint >= 0),
    example     INTEGER NOT NULL CHECK (example >= 0),
    digest      TEXT NOT NULL,
    PRIMARY KEY (revision_id, endpoint, example)
) STRICT, WITHOUT ROWID;

-- What visitors have flagged, for the author.
CREATE TABLE flags (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    space_id INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    -- Microseconds since the Unix epoch.
    at       INTEGER NOT NULL,
    -- The number of the revision that was live.
    revision INTEGER NOT NULL,
    -- Before the long texts, so that summing up reads none of them.
    n_bytes  INTEGER NOT NULL CHECK (n_bytes >= 0),
    endpoint TEXT NOT NULL,
    -- One of the author's, where the author gives any.
    reason   TEXT,
    -- JSON objects by name.
    inputs   TEXT NOT NULL,
    outputs  TEXT NOT NULL
) STRICT;

CREATE INDEX flags_by_space ON flags (space_id, id);
