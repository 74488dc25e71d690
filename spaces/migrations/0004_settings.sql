-- What the owner has changed of a space without a new publish.
CREATE TABLE space_settings (
    space_id    INTEGER PRIMARY KEY REFERENCES spaces (id) ON DELETE CASCADE,
    -- JSON of `SpaceSettings`.
    settings    TEXT NOT NULL,
    -- How the gallery shows the space: of the live revision and the settings together, made anew with a change of
    -- either.
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    tags        TEXT NOT NULL,
    search_text TEXT NOT NULL
) STRICT;
