-- +goose Up
-- One row about this instance. A new epoch (after a restore) makes every search
-- index start again.
CREATE TABLE instance (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,
  demo BOOLEAN NOT NULL DEFAULT FALSE,
  starter_loaded BOOLEAN NOT NULL DEFAULT FALSE
);

-- The change feed: one row per thing (its last change), numbered by a clock that
-- is updated in the same transaction.
CREATE TABLE change_clock (one INTEGER PRIMARY KEY CHECK (one = 1), value BIGINT NOT NULL);
INSERT INTO change_clock (one, value) VALUES (1, 0);
CREATE TABLE changes (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX changes_seq ON changes (seq);

CREATE TABLE members (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  reading TEXT NOT NULL DEFAULT '',
  sort_key TEXT NOT NULL DEFAULT '',
  name_en TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'ja',
  shortcuts BOOLEAN NOT NULL DEFAULT TRUE,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  joined_on DATE,
  version INTEGER NOT NULL DEFAULT 1
);
-- Kept apart from members so that no list of people ever reads a password hash.
CREATE TABLE passwords (
  member_id TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  changed_at TIMESTAMP NOT NULL
);
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  created_at TIMESTAMP NOT NULL,
  seen_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_member ON sessions (member_id);
-- One-time links: the first set-up (no member yet) and invitations to set a password.
CREATE TABLE invitations (
  token_hash TEXT PRIMARY KEY,
  member_id TEXT REFERENCES members (id) ON DELETE CASCADE,
  expires_at TIMESTAMP NOT NULL
);
CREATE TABLE sign_in_failures (
  email_key TEXT NOT NULL,
  source TEXT NOT NULL,
  at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_failures_email ON sign_in_failures (email_key, at);

CREATE TABLE compartments (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE compartment_members (
  compartment_id TEXT NOT NULL REFERENCES compartments (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  PRIMARY KEY (compartment_id, member_id)
);
CREATE INDEX compartment_members_member ON compartment_members (member_id);

CREATE TABLE departments (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  headcount INTEGER NOT NULL DEFAULT 0,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE topics (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  active BOOLEAN NOT NULL DEFAULT TRUE,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE requesters (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  reading TEXT NOT NULL DEFAULT '',
  department_id TEXT REFERENCES departments (id),
  email TEXT NOT NULL DEFAULT '',
  reader_level TEXT NOT NULL DEFAULT ''
);
CREATE INDEX requesters_name ON requesters (name_key);
CREATE TABLE jargon (
  id TEXT PRIMARY KEY,
  term TEXT NOT NULL,
  term_key TEXT NOT NULL UNIQUE,
  plain TEXT NOT NULL DEFAULT '',
  plain_en TEXT NOT NULL DEFAULT '',
  synonyms TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE articles (
  id TEXT PRIMARY KEY,
  compartment_id TEXT REFERENCES compartments (id),
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  decision TEXT NOT NULL DEFAULT '',
  short_answer TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  merit TEXT NOT NULL DEFAULT '',
  demerit TEXT NOT NULL DEFAULT '',
  steps TEXT NOT NULL DEFAULT '',
  alternative TEXT NOT NULL DEFAULT '',
  due TEXT NOT NULL DEFAULT '',
  due_reason TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  audience TEXT NOT NULL,
  keywords TEXT NOT NULL DEFAULT '',
  review_due DATE,
  version INTEGER NOT NULL DEFAULT 1,
  external_id TEXT NOT NULL DEFAULT '',
  created_by TEXT REFERENCES members (id),
  created_at TIMESTAMP NOT NULL,
  updated_by TEXT REFERENCES members (id),
  updated_at TIMESTAMP NOT NULL,
  verified_by TEXT REFERENCES members (id),
  verified_at TIMESTAMP
);
CREATE INDEX articles_title ON articles (title_key);
CREATE INDEX articles_updated ON articles (updated_at, id);
CREATE TABLE article_topics (
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  topic_id TEXT NOT NULL REFERENCES topics (id),
  PRIMARY KEY (article_id, topic_id)
);
CREATE TABLE article_versions (
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  decision TEXT NOT NULL DEFAULT '',
  short_answer TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  merit TEXT NOT NULL DEFAULT '',
  demerit TEXT NOT NULL DEFAULT '',
  steps TEXT NOT NULL DEFAULT '',
  alternative TEXT NOT NULL DEFAULT '',
  due TEXT NOT NULL DEFAULT '',
  due_reason TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  audience TEXT NOT NULL,
  keywords TEXT NOT NULL DEFAULT '',
  review_due DATE,
  saved_by TEXT REFERENCES members (id),
  saved_at TIMESTAMP NOT NULL,
  PRIMARY KEY (article_id, version)
);
CREATE TABLE flags (
  id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  note TEXT NOT NULL,
  raised_by TEXT REFERENCES members (id),
  raised_at TIMESTAMP NOT NULL,
  resolved_by TEXT REFERENCES members (id),
  resolved_at TIMESTAMP
);
CREATE INDEX flags_article ON flags (article_id);

CREATE TABLE consultations (
  id TEXT PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  compartment_id TEXT REFERENCES compartments (id),
  requester_id TEXT REFERENCES requesters (id),
  requester TEXT NOT NULL DEFAULT '',
  department_id TEXT REFERENCES departments (id),
  topic_id TEXT REFERENCES topics (id),
  channel TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_key TEXT NOT NULL,
  original TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  received_at TIMESTAMP NOT NULL,
  first_response_at TIMESTAMP,
  answered_at TIMESTAMP,
  answered_by TEXT REFERENCES members (id),
  decision TEXT NOT NULL DEFAULT '',
  short_answer TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  merit TEXT NOT NULL DEFAULT '',
  demerit TEXT NOT NULL DEFAULT '',
  steps TEXT NOT NULL DEFAULT '',
  alternative TEXT NOT NULL DEFAULT '',
  due TEXT NOT NULL DEFAULT '',
  due_reason TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL DEFAULT '',
  reply TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  external_id TEXT NOT NULL DEFAULT '',
  created_by TEXT REFERENCES members (id),
  created_at TIMESTAMP NOT NULL
);
CREATE INDEX consultations_received ON consultations (received_at, id);
CREATE INDEX consultations_external ON consultations (external_id);
CREATE TABLE article_links (
  consultation_id TEXT NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  linked_by TEXT REFERENCES members (id),
  linked_at TIMESTAMP NOT NULL,
  PRIMARY KEY (consultation_id, article_id)
);
CREATE INDEX article_links_article ON article_links (article_id, linked_at);
CREATE TABLE wordings (
  id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  consultation_id TEXT REFERENCES consultations (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  text_key TEXT NOT NULL,
  added_at TIMESTAMP NOT NULL
);
CREATE INDEX wordings_article ON wordings (article_id);
CREATE INDEX wordings_consultation ON wordings (consultation_id);

-- Creates carry a key from their form: a commit whose reply was lost must not double.
CREATE TABLE request_keys (
  key TEXT PRIMARY KEY,
  member_id TEXT,
  result TEXT NOT NULL,
  at TIMESTAMP NOT NULL
);
CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  at TIMESTAMP NOT NULL,
  member_id TEXT,
  action TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  member_id TEXT REFERENCES members (id),
  at TIMESTAMP NOT NULL,
  name TEXT NOT NULL,
  options TEXT NOT NULL DEFAULT '',
  content BYTEA NOT NULL,
  state TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0
);
-- What an import wrote, so that it can be undone; version is the one it left behind.
CREATE TABLE import_items (
  import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  action TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (import_id, kind, object_id)
);
