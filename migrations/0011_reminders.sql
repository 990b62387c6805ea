-- +goose Up
-- Periodic work: who does it and until when nobody else may, and how it went last.
CREATE TABLE jobs (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL DEFAULT '',
  held_until TIMESTAMP,
  started_at TIMESTAMP,
  ended_at TIMESTAMP,
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'done', 'failed')),
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0
);

-- One mail to one person. While it is being sent it is claimed; of those that did not
-- fail there is one a day.
CREATE TABLE digests (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  day DATE NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'unclear', 'failed')),
  created_at TIMESTAMP NOT NULL,
  claimed_until TIMESTAMP NOT NULL,
  attempts INTEGER NOT NULL,
  ended_at TIMESTAMP,
  problem TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX digests_one_a_day ON digests (member_id, day) WHERE state <> 'failed';
CREATE INDEX digests_created ON digests (created_at);

-- What a digest tells: each stage of a deadline once. A day that moves is another one.
CREATE TABLE reminders (
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  part TEXT NOT NULL,
  on_day DATE NOT NULL,
  stage INTEGER NOT NULL,
  digest_id TEXT NOT NULL REFERENCES digests (id) ON DELETE CASCADE,
  PRIMARY KEY (member_id, kind, object_id, part, on_day, stage)
);
CREATE INDEX reminders_digest ON reminders (digest_id);

-- What somebody has put aside on the pages, until its next stage.
CREATE TABLE dismissed_deadlines (
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  part TEXT NOT NULL,
  on_day DATE NOT NULL,
  stage INTEGER NOT NULL,
  PRIMARY KEY (member_id, kind, object_id, part, on_day)
);

-- The secret address of somebody's calendar; of the secret only its hash.
CREATE TABLE calendars (
  member_id TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
  token_hash TEXT NOT NULL UNIQUE,
  created_at TIMESTAMP NOT NULL,
  used_at TIMESTAMP
);

-- What the calendars were last told of a deadline, so that a day that moved is a
-- revision of the same event.
CREATE TABLE calendar_events (
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  part TEXT NOT NULL,
  nth INTEGER NOT NULL,
  on_day DATE NOT NULL,
  title TEXT NOT NULL,
  title_en TEXT NOT NULL DEFAULT '',
  sequence INTEGER NOT NULL DEFAULT 0,
  changed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (member_id, kind, object_id, part, nth)
);

ALTER TABLE members ADD COLUMN no_mails BOOLEAN NOT NULL DEFAULT FALSE;
