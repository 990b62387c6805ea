-- +goose Up
-- Evidence that people attach to what they log. It stands in the database, so that one
-- backup holds everything; about and about_id say what it belongs to.
CREATE TABLE files (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id),
  about TEXT NOT NULL,
  about_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  content BYTEA NOT NULL,
  added_by TEXT REFERENCES members (id),
  added_at TIMESTAMP NOT NULL
);
CREATE INDEX files_about ON files (about, about_id);
CREATE INDEX files_member ON files (member_id);

-- Kinds of certificates with the rules by which they are kept (team.CertificationRules,
-- as JSON: no query looks into them).
CREATE TABLE certifications (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  short TEXT NOT NULL DEFAULT '',
  issuer TEXT NOT NULL DEFAULT '',
  rules TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  note_en TEXT NOT NULL DEFAULT '',
  source_url TEXT NOT NULL DEFAULT '',
  source_quality TEXT NOT NULL DEFAULT '',
  checked_on DATE,
  minimum INTEGER NOT NULL DEFAULT 0,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  version INTEGER NOT NULL DEFAULT 1
);
-- A skill that a certificate shows: with a level, it counts while the certificate is
-- valid; without one, it is evidence alone.
CREATE TABLE certification_skills (
  certification_id TEXT NOT NULL REFERENCES certifications (id) ON DELETE CASCADE,
  skill_id TEXT NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  level INTEGER,
  PRIMARY KEY (certification_id, skill_id)
);
CREATE INDEX certification_skills_skill ON certification_skills (skill_id);
-- Renewing the first renews the second as well.
CREATE TABLE certification_renewals (
  certification_id TEXT NOT NULL REFERENCES certifications (id) ON DELETE CASCADE,
  renews_id TEXT NOT NULL REFERENCES certifications (id) ON DELETE CASCADE,
  PRIMARY KEY (certification_id, renews_id)
);
ALTER TABLE instance ADD COLUMN certifications_loaded BOOLEAN NOT NULL DEFAULT FALSE;

-- Certificates that people hold.
CREATE TABLE certificates (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id),
  certification_id TEXT NOT NULL REFERENCES certifications (id),
  withdrawn_on DATE,
  created_by TEXT REFERENCES members (id),
  created_at TIMESTAMP NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);
-- Nobody holds the same one twice: it is renewed.
CREATE UNIQUE INDEX certificates_standing ON certificates (member_id, certification_id) WHERE withdrawn_on IS NULL;
CREATE INDEX certificates_certification ON certificates (certification_id);
-- What was said of a certificate's validity, in order. Rows are never changed but for
-- replaced_at: a renewal is a row with the next place, a correction one with the same.
CREATE TABLE certificate_periods (
  id TEXT PRIMARY KEY,
  certificate_id TEXT NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE,
  applied_on DATE,
  number TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  made_by TEXT REFERENCES members (id),
  made_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP
);
CREATE UNIQUE INDEX certificate_periods_standing ON certificate_periods (certificate_id, place) WHERE replaced_at IS NULL;
CREATE INDEX certificate_periods_certificate ON certificate_periods (certificate_id, place, made_at);

-- What somebody did that counts for keeping certificates; credits are in hundredths.
CREATE TABLE credit_activities (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id),
  day DATE NOT NULL,
  title TEXT NOT NULL,
  credits INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  made_by TEXT REFERENCES members (id),
  made_at TIMESTAMP NOT NULL,
  removed_at TIMESTAMP,
  removed_by TEXT REFERENCES members (id)
);
CREATE INDEX credit_activities_member ON credit_activities (member_id, day);
CREATE TABLE credit_claims (
  activity_id TEXT NOT NULL REFERENCES credit_activities (id) ON DELETE CASCADE,
  certificate_id TEXT NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
  credits INTEGER NOT NULL,
  category TEXT NOT NULL DEFAULT '',
  event TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (activity_id, certificate_id)
);
CREATE INDEX credit_claims_certificate ON credit_claims (certificate_id);
