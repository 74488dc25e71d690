-- The gallery asks for the newest first: it reads a page of this index instead of sorting every space.
CREATE INDEX revisions_by_age ON revisions (created_at DESC, id DESC);
