-- +goose Up
-- What somebody has typed and not sent yet: one for each person and form. sent_form is
-- the copy of the form that was sent, so that a draft of it that arrives late stays out.
CREATE TABLE drafts (
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  place TEXT NOT NULL,
  content TEXT NOT NULL,
  saved_at TIMESTAMP NOT NULL,
  sent_form TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (member_id, place)
);
CREATE INDEX drafts_saved ON drafts (saved_at);
