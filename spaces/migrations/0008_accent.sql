-- The colour of a space's page and card; a word of the manifest.
ALTER TABLE revisions ADD COLUMN accent TEXT;
