-- +goose Up
-- What belongs to a compartment is little; counts leave it out by this index.
CREATE INDEX consultations_compartment ON consultations (compartment_id);
