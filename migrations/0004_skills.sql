-- +goose Up
-- The catalogue: categories, skills and what each of them needs.
CREATE TABLE categories (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  place INTEGER NOT NULL DEFAULT 0,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE skills (
  id TEXT PRIMARY KEY,
  category_id TEXT NOT NULL REFERENCES categories (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  description_en TEXT NOT NULL DEFAULT '',
  anchors TEXT NOT NULL DEFAULT '',
  anchors_en TEXT NOT NULL DEFAULT '',
  required_level INTEGER NOT NULL DEFAULT 3,
  minimum INTEGER NOT NULL DEFAULT 1,
  redundancy INTEGER NOT NULL DEFAULT 1,
  critical BOOLEAN NOT NULL DEFAULT TRUE,
  weight INTEGER NOT NULL DEFAULT 1,
  incident BOOLEAN NOT NULL DEFAULT FALSE,
  half_life_days INTEGER NOT NULL DEFAULT 365,
  valid_days INTEGER NOT NULL DEFAULT 730,
  place INTEGER NOT NULL DEFAULT 0,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX skills_category ON skills (category_id, place, id);
-- What a skill is called in NICE, ECSF, ITSS+, SecBoK or the department's own list.
CREATE TABLE skill_codes (
  skill_id TEXT NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  framework TEXT NOT NULL,
  version TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL,
  PRIMARY KEY (skill_id, framework, version, code)
);
-- The level of a skill that questions of a topic need.
CREATE TABLE topic_skills (
  topic_id TEXT NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
  skill_id TEXT NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  PRIMARY KEY (topic_id, skill_id)
);
CREATE INDEX topic_skills_skill ON topic_skills (skill_id);
-- Published frameworks, to look up what a code stands for.
CREATE TABLE framework_entries (
  framework TEXT NOT NULL,
  version TEXT NOT NULL,
  code TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (framework, version, code)
);

-- Every level that was ever said of somebody; level NULL takes the earlier ones
-- back. Rows are never changed but for replaced_on, the day of the next one of the
-- same kind, which makes the map of any day one simple scan.
CREATE TABLE assessments (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id),
  skill_id TEXT NOT NULL REFERENCES skills (id),
  kind TEXT NOT NULL,
  level INTEGER,
  confidence INTEGER NOT NULL DEFAULT 0,
  day DATE NOT NULL,
  valid_to DATE,
  replaced_on DATE,
  assessed_by TEXT REFERENCES members (id),
  made_at TIMESTAMP NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  import_id TEXT NOT NULL DEFAULT ''
);
-- One last word of each kind in a cell: of two people at the same moment, the
-- second is told.
CREATE UNIQUE INDEX assessments_last ON assessments (member_id, skill_id, kind) WHERE replaced_on IS NULL;
CREATE INDEX assessments_cell ON assessments (member_id, skill_id, kind, day);
CREATE INDEX assessments_import ON assessments (import_id) WHERE import_id <> '';

-- Where somebody wants to be and by when; level NULL takes the earlier ones back.
CREATE TABLE targets (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id),
  skill_id TEXT NOT NULL REFERENCES skills (id),
  level INTEGER,
  due DATE,
  day DATE NOT NULL,
  replaced_on DATE,
  set_by TEXT REFERENCES members (id),
  made_at TIMESTAMP NOT NULL,
  import_id TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX targets_last ON targets (member_id, skill_id) WHERE replaced_on IS NULL;
CREATE INDEX targets_cell ON targets (member_id, skill_id, day);
CREATE INDEX targets_import ON targets (import_id) WHERE import_id <> '';

-- Planned leave and known leavings. Why somebody is away is nobody's business here.
CREATE TABLE absences (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id),
  kind TEXT NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE,
  created_by TEXT REFERENCES members (id),
  created_at TIMESTAMP NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX absences_member ON absences (member_id, starts_on);

-- Whether everybody sees the names on the map, or only the totals and themselves.
ALTER TABLE instance ADD COLUMN names_visible BOOLEAN NOT NULL DEFAULT TRUE;
-- Answers by who gave them and when, for the levels that show in them.
CREATE INDEX consultations_answered ON consultations (answered_at);
