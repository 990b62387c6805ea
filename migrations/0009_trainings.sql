-- +goose Up
-- Trainings that people can go to. Money is whole yen: fee is for a seat, class_cost for
-- a whole class, however many come. seats 0: as many as want to.
CREATE TABLE trainings (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL UNIQUE,
  title_en TEXT NOT NULL DEFAULT '',
  provider TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  days INTEGER NOT NULL DEFAULT 0,
  fee INTEGER NOT NULL DEFAULT 0,
  class_cost INTEGER NOT NULL DEFAULT 0,
  seats INTEGER NOT NULL DEFAULT 0,
  link TEXT NOT NULL DEFAULT '',
  active BOOLEAN NOT NULL DEFAULT TRUE,
  version INTEGER NOT NULL DEFAULT 1
);
-- The level of a skill that a training can lead to, for those who have the prerequisite;
-- without one, for everybody.
CREATE TABLE training_skills (
  training_id TEXT NOT NULL REFERENCES trainings (id) ON DELETE CASCADE,
  skill_id TEXT NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  prerequisite INTEGER,
  PRIMARY KEY (training_id, skill_id)
);
CREATE INDEX training_skills_skill ON training_skills (skill_id);

-- Who goes to, or went to, a training. A record of something that is not in the
-- catalogue has its title alone. subject is the id of the training, or the key of that
-- title: records of one subject and one day are the same class. Nothing is deleted:
-- what was written down by mistake is withdrawn.
CREATE TABLE training_records (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members (id),
  training_id TEXT REFERENCES trainings (id),
  subject TEXT NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  day DATE NOT NULL,
  minutes INTEGER NOT NULL,
  cost INTEGER NOT NULL DEFAULT 0,
  class_cost INTEGER NOT NULL DEFAULT 0,
  rating INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_by TEXT REFERENCES members (id),
  created_at TIMESTAMP NOT NULL,
  withdrawn_at TIMESTAMP,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX training_records_once ON training_records (member_id, subject, day) WHERE withdrawn_at IS NULL AND state <> 'cancelled';
CREATE INDEX training_records_day ON training_records (day, id);
CREATE INDEX training_records_subject ON training_records (subject, day);
-- The skills that it was about and the levels that it could lead to, as was said when it
-- was written down; without a level, to any higher one.
CREATE TABLE training_record_skills (
  record_id TEXT NOT NULL REFERENCES training_records (id) ON DELETE CASCADE,
  skill_id TEXT NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  level INTEGER,
  PRIMARY KEY (record_id, skill_id)
);
CREATE INDEX training_record_skills_skill ON training_record_skills (skill_id);
-- What a record said before each correction (team.TrainingRecord, as JSON).
CREATE TABLE training_record_versions (
  record_id TEXT NOT NULL REFERENCES training_records (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  replaced_by TEXT REFERENCES members (id),
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (record_id, version)
);
-- Who did not want to look at a level again after a training, and when: the person
-- (own) and the leads are asked each for themselves.
CREATE TABLE training_dismissals (
  id TEXT PRIMARY KEY,
  record_id TEXT NOT NULL REFERENCES training_records (id) ON DELETE CASCADE,
  skill_id TEXT NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  own BOOLEAN NOT NULL,
  day DATE NOT NULL,
  dismissed_by TEXT REFERENCES members (id)
);
CREATE INDEX training_dismissals_record ON training_dismissals (record_id, skill_id);
