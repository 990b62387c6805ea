-- +goose Up
-- What the department wants to learn in half a fiscal year: one plan for each. Money is
-- whole yen, budget NULL is no limit, as is 0 for hours and trainings of each person.
-- basis is what the plan was made from (store keeps it unread), to tell later what moved.
CREATE TABLE development_plans (
  id TEXT PRIMARY KEY,
  starts_on DATE NOT NULL UNIQUE,
  budget BIGINT,
  hours_each INTEGER NOT NULL DEFAULT 0,
  most_each INTEGER NOT NULL DEFAULT 0,
  without_reserve BOOLEAN NOT NULL DEFAULT FALSE,
  basis TEXT NOT NULL DEFAULT '',
  basis_at TIMESTAMP,
  version INTEGER NOT NULL DEFAULT 1
);
-- Who is to take which training, who sees to it and by when. Whether it is booked or
-- done is not said here: the training records say it.
CREATE TABLE plan_lines (
  id TEXT PRIMARY KEY,
  plan_id TEXT NOT NULL REFERENCES development_plans (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL REFERENCES members (id),
  training_id TEXT NOT NULL REFERENCES trainings (id),
  owner_id TEXT REFERENCES members (id),
  due DATE NOT NULL,
  cost BIGINT NOT NULL DEFAULT 0,
  class_cost BIGINT NOT NULL DEFAULT 0,
  dropped BOOLEAN NOT NULL DEFAULT FALSE,
  note TEXT NOT NULL DEFAULT '',
  created_by TEXT REFERENCES members (id),
  created_at TIMESTAMP NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  UNIQUE (plan_id, member_id, training_id)
);
CREATE INDEX plan_lines_member ON plan_lines (member_id);
-- The skills that a line is for, with the levels it is to lead to.
CREATE TABLE plan_line_skills (
  line_id TEXT NOT NULL REFERENCES plan_lines (id) ON DELETE CASCADE,
  skill_id TEXT NOT NULL REFERENCES skills (id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  PRIMARY KEY (line_id, skill_id)
);
