-- +goose Up
-- The files of an import, kept until it has run, is thrown away or is a day old.
CREATE TABLE import_files (
  import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (import_id, place)
);
ALTER TABLE imports DROP COLUMN content;
ALTER TABLE imports ADD COLUMN compartment_id TEXT REFERENCES compartments (id);
ALTER TABLE imports ADD COLUMN report TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN finished_at TIMESTAMP;
ALTER TABLE imports ADD COLUMN undone_at TIMESTAMP;
ALTER TABLE imports ADD COLUMN undone_by TEXT REFERENCES members (id);
-- Who is running it: only the run named here may end it, and it says every second
-- that it is alive.
ALTER TABLE imports ADD COLUMN run TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN beat_at TIMESTAMP;
CREATE INDEX imports_at ON imports (at, id);

-- What a changed thing was before, so that an undo can bring it back.
ALTER TABLE import_items ADD COLUMN former TEXT NOT NULL DEFAULT '';
CREATE INDEX import_items_object ON import_items (object_id);

CREATE INDEX articles_external ON articles (external_id);
CREATE INDEX consultations_subject ON consultations (subject_key);
