CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE spaces (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    owner      TEXT NOT NULL,
    name       TEXT NOT NULL,
    visibility TEXT NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'unlisted', 'private')),
    -- Null until the first publish is done; such a space is never listed.
    live_number INTEGER,
    UNIQUE (owner, name),
    -- Pairs the number with the space, so that no space can serve another one's revision.
    FOREIGN KEY (id, live_number) REFERENCES revisions (space_id, number)
) STRICT;

-- Narrow on purpose: search reads every live row of it. The long texts are in `revision_documents`.
CREATE TABLE revisions (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    space_id         INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    number           INTEGER NOT NULL CHECK (number >= 1),
    kind             TEXT NOT NULL CHECK (kind IN ('onnx', 'component')),
    engine           TEXT NOT NULL,
    bundle_digest    TEXT NOT NULL,
    bundle_bytes     INTEGER NOT NULL CHECK (bundle_bytes >= 0),
    component_digest TEXT NOT NULL,
    -- Microseconds since the Unix epoch.
    created_at       INTEGER NOT NULL,
    title            TEXT NOT NULL,
    summary          TEXT NOT NULL,
    emoji            TEXT,
    license          TEXT,
    -- A JSON array of texts.
    tags             TEXT NOT NULL,
    -- Id, title, summary and tags in lower case, one a line.
    search_text      TEXT NOT NULL,
    UNIQUE (space_id, number)
) STRICT;

CREATE INDEX revisions_by_component ON revisions (component_digest);

CREATE TRIGGER revisions_are_immutable BEFORE UPDATE ON revisions
BEGIN
    SELECT RAISE(ABORT, 'a revision is immutable');
END;

CREATE TABLE revision_documents (
    revision_id INTEGER PRIMARY KEY REFERENCES revisions (id) ON DELETE CASCADE,
    manifest    TEXT NOT NULL,
    interface   TEXT NOT NULL
) STRICT;

CREATE TABLE assets (
    revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    path        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL CHECK (size_bytes >= 0),
    mime_type   TEXT NOT NULL,
    PRIMARY KEY (revision_id, path)
) STRICT, WITHOUT ROWID;

-- A cache: rebuilt from the component when missing, so not part of a revision.
CREATE TABLE artefacts (
    component_digest TEXT NOT NULL,
    engine           TEXT NOT NULL,
    digest           TEXT NOT NULL,
    size_bytes       INTEGER NOT NULL CHECK (size_bytes >= 0),
    PRIMARY KEY (component_digest, engine)
) STRICT, WITHOUT ROWID;

CREATE TABLE space_config (
    space_id INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    secret   INTEGER NOT NULL CHECK (secret IN (0, 1)),
    PRIMARY KEY (space_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE logs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    space_id   INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    -- RFC 3339.
    at         TEXT NOT NULL,
    level      TEXT NOT NULL CHECK (level IN ('trace', 'debug', 'info', 'warn', 'error')),
    invocation TEXT,
    message    TEXT NOT NULL
) STRICT;

CREATE INDEX logs_by_space ON logs (space_id, id);

-- What `logs` holds of a space, so that appending need not count.
CREATE TABLE log_usage (
    space_id INTEGER PRIMARY KEY REFERENCES spaces (id) ON DELETE CASCADE,
    n_lines  INTEGER NOT NULL,
    n_bytes  INTEGER NOT NULL
) STRICT;
