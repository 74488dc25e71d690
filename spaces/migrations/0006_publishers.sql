-- Who published a revision; null of those from before this was kept.
ALTER TABLE revisions ADD COLUMN published_by TEXT;
