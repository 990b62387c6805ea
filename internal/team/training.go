package team

import (
	"net/url"
	"slices"

	"tasuki/internal/text"
)

// TrainingKind says how a training takes place.
type TrainingKind string

// The kinds of training.
const (
	TrainingExternal  TrainingKind = "external"
	TrainingInHouse   TrainingKind = "in_house"
	TrainingOnline    TrainingKind = "online"
	TrainingSelfStudy TrainingKind = "self_study"
)

// TrainingKinds lists the kinds of training.
var TrainingKinds = []TrainingKind{TrainingExternal, TrainingInHouse, TrainingOnline, TrainingSelfStudy}

// Training is a course, a session in the house or a way of learning alone that people
// can go to. Money is whole yen.
type Training struct {
	ID        string       `db:"id" json:"id,omitzero"`
	Title     string       `db:"title" json:"title,omitzero"`
	TitleEn   string       `db:"title_en" json:"title_en,omitzero"`
	Provider  string       `db:"provider" json:"provider,omitzero"`
	Kind      TrainingKind `db:"kind" json:"kind,omitzero"`
	Minutes   int          `db:"minutes" json:"minutes,omitzero"`
	Days      int          `db:"days" json:"days,omitzero"`             // on which it takes place; 0 where nobody has to be anywhere
	Fee       int          `db:"fee" json:"fee,omitzero"`               // for a seat
	ClassCost int          `db:"class_cost" json:"class_cost,omitzero"` // for a whole class, once, however many come
	Seats     int          `db:"seats" json:"seats,omitzero"`           // of a class; 0: as many as want to
	Link      string       `db:"link" json:"link,omitzero"`
	Active    bool         `db:"active" json:"active,omitzero"`
	Version   int          `db:"version" json:"version,omitzero"`

	Skills []TrainingSkill `db:"-" json:"skills,omitempty"`
}

// TrainingSkill is the level of a skill that a training can lead to. Who has less than
// the prerequisite is not ready for it; NotAssessed asks for nothing.
type TrainingSkill struct {
	TrainingID   string `db:"training_id" json:"-"`
	SkillID      string `db:"skill_id" json:"skill_id"`
	Level        Level  `db:"level" json:"level"`
	Prerequisite Level  `db:"prerequisite" json:"prerequisite"`
}

// DisplayTitle returns the title in a language.
func (t Training) DisplayTitle(language string) string {
	return inLanguage(language, t.Title, t.TitleEn)
}

// The largest numbers of a training.
const (
	maxMinutes        = 60_000
	maxYen            = 100_000_000
	maxSeats          = 10_000
	maxTrainingDays   = 400
	maxTrainingSkills = 10
	maxID             = 60 // letters; longer ones are no ids of ours
)

// Validate checks what a person typed.
func (t Training) Validate() error {
	var v Invalid
	v.text("title", t.Title, true, 120)
	v.text("title_en", t.TitleEn, false, 160)
	v.text("provider", t.Provider, false, 120)
	oneOf(&v, "kind", t.Kind, TrainingKinds)
	v.hours(t.Minutes)
	v.number("days", t.Days, 0, maxTrainingDays)
	v.number("fee", t.Fee, 0, maxYen)
	v.number("class_cost", t.ClassCost, 0, maxYen)
	v.number("seats", t.Seats, 0, maxSeats)
	v.link("link", t.Link)
	v.trainingSkills(t.Skills)
	return v.Or()
}

// hours checks how long something takes, in minutes.
func (v *Invalid) hours(minutes int) {
	if minutes == 0 {
		*v = append(*v, Problem{Field: "hours", Rule: Required})
		return
	}
	v.number("hours", minutes, 1, maxMinutes)
}

// link checks an address that people can follow: nothing but http and https.
func (v *Invalid) link(field, s string) {
	v.text(field, s, false, 500)
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		*v = append(*v, Problem{Field: field, Rule: NotValid})
	}
}

func (v *Invalid) trainingSkills(skills []TrainingSkill) {
	if len(skills) > maxTrainingSkills {
		*v = append(*v, Problem{Field: "skills", Rule: TooMany, Limit: maxTrainingSkills})
	}
	seen := map[string]bool{}
	for _, k := range skills {
		if k.SkillID == "" || len(k.SkillID) > maxID || seen[k.SkillID] || k.Level < Assisting || k.Level > Deciding || k.Prerequisite < NotAssessed || k.Prerequisite >= k.Level {
			*v = append(*v, Problem{Field: "skills", Rule: NotValid})
			return
		}
		seen[k.SkillID] = true
	}
}

// RecordState says how far a training is for a person.
type RecordState string

// The states of a training record.
const (
	RecordPlanned   RecordState = "planned"
	RecordDone      RecordState = "done"
	RecordCancelled RecordState = "cancelled"
)

// RecordStates lists the states of a training record.
var RecordStates = []RecordState{RecordPlanned, RecordDone, RecordCancelled}

// TrainingRecord says that somebody goes to a training, or went to it.
type TrainingRecord struct {
	ID         string       `db:"id" json:"id,omitzero"`
	MemberID   string       `db:"member_id" json:"member_id,omitzero"`
	TrainingID string       `db:"training_id" json:"training_id,omitzero"` // "" where it is not in the catalogue
	Title      string       `db:"title" json:"title,omitzero"`             // as it was called when it was written down
	Kind       TrainingKind `db:"kind" json:"kind,omitzero"`
	State      RecordState  `db:"state" json:"state,omitzero"`
	Day        Date         `db:"day" json:"day,omitzero"` // the last day of it, planned or past
	Minutes    int          `db:"minutes" json:"minutes,omitzero"`
	Cost       int          `db:"cost" json:"cost,omitzero"`             // of this seat
	ClassCost  int          `db:"class_cost" json:"class_cost,omitzero"` // of the class: the same in all of its records
	Rating     int          `db:"rating" json:"rating,omitzero"`         // how it went, 1–5; 0 where nobody said
	Note       string       `db:"note" json:"note,omitzero"`
	By         string       `db:"created_by" json:"by,omitzero"`
	CreatedAt  Stamp        `db:"created_at" json:"created_at,omitzero"`
	// WithdrawnAt is when it was taken back: then it counts nowhere.
	WithdrawnAt Stamp `db:"withdrawn_at" json:"withdrawn_at,omitzero"`
	Version     int   `db:"version" json:"version,omitzero"`

	Skills []RecordSkill `db:"-" json:"skills,omitempty"`
}

// RecordSkill is a skill that a training was about for somebody, with the level it
// could lead to; NotAssessed is any level above the one before.
type RecordSkill struct {
	RecordID string `db:"record_id" json:"-"`
	SkillID  string `db:"skill_id" json:"skill_id"`
	Level    Level  `db:"level" json:"level"`
}

// Subject is what the record is of: records of one subject and one day are the same class.
func (r TrainingRecord) Subject() string {
	if r.TrainingID != "" {
		return r.TrainingID
	}
	return text.Key(r.Title)
}

// Counts tells whether somebody was there: only such records count for hours and money.
func (r TrainingRecord) Counts() bool { return r.State == RecordDone && r.WithdrawnAt.IsZero() }

// FarthestPlan is how many days ahead a training can be planned.
const FarthestPlan = 3 * 366

// StateOn returns what a training of a day is when nobody says more: planned for a day
// to come, else done.
func StateOn(day, today Date) RecordState {
	if today.Before(day) {
		return RecordPlanned
	}
	return RecordDone
}

// Validate checks what a person typed.
func (r TrainingRecord) Validate(today Date) error {
	var v Invalid
	v.text("title", r.Title, true, 120)
	oneOf(&v, "kind", r.Kind, TrainingKinds)
	oneOf(&v, "state", r.State, RecordStates)
	switch {
	case r.Day.IsZero():
		v = append(v, Problem{Field: "day", Rule: Required})
	case r.Day.Year < 1950, today.AddDays(FarthestPlan).Before(r.Day), r.State == RecordDone && today.Before(r.Day):
		v = append(v, Problem{Field: "day", Rule: NotValid})
	}
	v.hours(r.Minutes)
	v.number("cost", r.Cost, 0, maxYen)
	v.number("class_cost", r.ClassCost, 0, maxYen)
	v.number("rating", r.Rating, 0, 5)
	v.text("note", r.Note, false, 1000)
	v.recordSkills(r.Skills)
	return v.Or()
}

func (v *Invalid) recordSkills(skills []RecordSkill) {
	if len(skills) > maxTrainingSkills {
		*v = append(*v, Problem{Field: "skills", Rule: TooMany, Limit: maxTrainingSkills})
	}
	seen := map[string]bool{}
	for _, k := range skills {
		if k.SkillID == "" || len(k.SkillID) > maxID || seen[k.SkillID] || k.Level < NotAssessed || k.Level == None || k.Level > Deciding {
			*v = append(*v, Problem{Field: "skills", Rule: NotValid})
			return
		}
		seen[k.SkillID] = true
	}
}

// CanLogTraining tells whether a person may write down that some members go, or went,
// to a training: a lead for anyone, the others when they were there themselves.
func CanLogTraining(by Member, members []string) bool {
	return CanManage(by) || (CanWrite(by) && slices.Contains(members, by.ID))
}

// CanEditRecord tells whether a person may correct or withdraw a record: the one it is
// about, a lead, and who wrote it down.
func CanEditRecord(by Member, r TrainingRecord) bool {
	return CanManage(by) || (CanWrite(by) && (r.MemberID == by.ID || r.By == by.ID))
}

// FiscalYear returns the first and the last day of the fiscal year of a day.
func FiscalYear(day Date) (first, last Date) {
	year := day.Year
	if day.Month < 4 {
		year--
	}
	return Date{year, 4, 1}, Date{year + 1, 3, 31}
}

// TrainingTotals are the time and the money of some records.
type TrainingTotals struct {
	Records, Minutes, Cost int
}

// TotalsOf adds up the records of some days that count. What a class costs once is
// counted once, however many of its records there are.
func TotalsOf(records []TrainingRecord, first, last Date) (sum TrainingTotals) {
	type class struct {
		subject string
		day     Date
	}
	classes := map[class]int{}
	for _, r := range records {
		if !r.Counts() || r.Day.Before(first) || last.Before(r.Day) {
			continue
		}
		sum.Records, sum.Minutes, sum.Cost = sum.Records+1, sum.Minutes+r.Minutes, sum.Cost+r.Cost
		c := class{r.Subject(), r.Day}
		if more := r.ClassCost - classes[c]; more > 0 {
			classes[c], sum.Cost = r.ClassCost, sum.Cost+more
		}
	}
	return sum
}
