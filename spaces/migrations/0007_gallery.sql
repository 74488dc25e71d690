-- What the gallery filters by and shows.
ALTER TABLE revisions ADD COLUMN task TEXT;
-- The path of a picture in the bundle.
ALTER TABLE revisions ADD COLUMN thumbnail TEXT;

-- When the operator has featured the space, in microseconds since the Unix epoch; null: not featured.
ALTER TABLE spaces ADD COLUMN featured_at INTEGER;

CREATE INDEX spaces_by_featured ON spaces (featured_at DESC) WHERE featured_at IS NOT NULL;

-- The tags of `revisions.tags` in lower case, so that a filter need not read every revision.
CREATE TABLE revision_tags (
    tag         TEXT NOT NULL,
    revision_id INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, revision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX revision_tags_by_revision ON revision_tags (revision_id);

INSERT INTO revision_tags (tag, revision_id)
SELECT DISTINCT lower(t.value), r.id FROM revisions r, json_each(r.tags) t;
