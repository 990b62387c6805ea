package plan

import (
	"fmt"
	"io"

	"tasuki/internal/jsonfile"
	"tasuki/internal/text"
)

// The limits of a file. What costs so much, or would take so many, is a slip of the
// pen; and no sum of what is allowed leaves what a number can hold.
const (
	MaxFile    = 32 << 20 // bytes
	mostParts  = 200_000  // offers; of the rest there are fewer
	mostThings = 5_000    // people; skills and trainings too
	mostLevel  = 100
	mostHeads  = 10_000
	mostYen    = 1_000_000_000_000
	mostHours  = 1_000_000
	mostWeight = 1_000_000
)

// Read reads a problem. required_level, minimum, redundancy and critical of a
// skill have to be there; max_hours, seats, prerequisite, class_cost, offers and
// weight may be missing, as may seat_cost where there are offers and hours where
// nobody has max_hours. The error is a jsonfile.Problem, or what reading r failed with.
func Read(r io.Reader) (Problem, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return Problem{}, err
	case len(content) > MaxFile:
		return Problem{}, jsonfile.Problem{Rule: "too_large", Args: []any{"Limit", MaxFile >> 20}}
	}
	decoded, _, err := text.Decode(content, "")
	if err != nil {
		return Problem{}, jsonfile.Problem{Rule: "not_json"}
	}
	whole, err := jsonfile.Read(decoded, mostParts)
	if err != nil {
		return Problem{}, err
	}
	f := file{ids: map[string]map[string]bool{"people": {}, "skills": {}, "trainings": {}}}
	f.read(whole)
	f.p.Unknown = f.Unknown
	return f.p, f.Err
}

// file takes a problem out of a file; the first thing that is wrong ends it.
type file struct {
	jsonfile.Values
	p       Problem
	ids     map[string]map[string]bool
	limited bool // somebody has only so many hours
}

func (f *file) read(whole jsonfile.Part) {
	if !f.Object(whole, "people", "skills", "trainings", "offers") {
		return
	}
	offers, only := whole.Get("offers")
	// Levels speak of skills, and offers of people and trainings.
	skills := f.things(whole, "skills")
	for _, part := range skills {
		f.p.Skills = append(f.p.Skills, f.skill(part))
	}
	for _, part := range f.things(whole, "people") {
		f.p.People = append(f.p.People, f.person(part))
	}
	for _, part := range f.things(whole, "trainings") {
		f.p.Trainings = append(f.p.Trainings, f.training(part, only))
	}
	if only {
		f.offers(offers)
	}
}

func (f *file) things(whole jsonfile.Part, kind string) []jsonfile.Part {
	at := f.Need(whole, kind)
	list := f.List(at)
	if len(list) > mostThings {
		f.Fail(at, "too_many", "Limit", mostThings)
	}
	return list[:min(len(list), mostThings)]
}

// id returns the id of a thing, which nothing else of its kind has.
func (f *file) id(p jsonfile.Part, kind string) string {
	at := f.Need(p, "id")
	id := f.Text(at)
	if f.ids[kind][id] {
		f.Fail(at, "twice", "Name", id)
	}
	f.ids[kind][id] = true
	return id
}

func (f *file) skill(p jsonfile.Part) Skill {
	if !f.Object(p, "id", "required_level", "minimum", "redundancy", "critical", "weight") {
		return Skill{}
	}
	s := Skill{ID: f.id(p, "skills"), Required: f.Whole(f.Need(p, "required_level"), 0, mostLevel), Minimum: f.Whole(f.Need(p, "minimum"), 0, mostHeads),
		Redundancy: f.Whole(f.Need(p, "redundancy"), 0, mostHeads), Critical: f.Bool(f.Need(p, "critical")), Weight: 1}
	if part, ok := p.Get("weight"); ok {
		s.Weight = f.Number(part, mostWeight)
	}
	return s
}

func (f *file) person(p jsonfile.Part) Person {
	if !f.Object(p, "id", "levels", "max_hours") {
		return Person{}
	}
	who := Person{ID: f.id(p, "people"), Levels: f.levels(f.Need(p, "levels"))}
	if part, ok := p.Get("max_hours"); ok && !part.Null() {
		hours := f.Number(part, mostHours)
		who.MaxHours, f.limited = &hours, true
	}
	return who
}

// levels reads levels in skills that the file has; one that is null is not there.
func (f *file) levels(p jsonfile.Part) map[string]int {
	if !f.Names(p) {
		return nil
	}
	levels := make(map[string]int, len(p.Parts))
	for i, part := range p.Parts {
		if id := p.Names[i]; !f.ids["skills"][id] {
			f.Fail(part, "unknown_skill", "Name", id)
		} else if !part.Null() {
			levels[id] = f.Whole(part, 0, mostLevel)
		}
	}
	return levels
}

func (f *file) training(p jsonfile.Part, offers bool) Training {
	if !f.Object(p, "id", "grants", "prerequisite", "seat_cost", "class_cost", "seats", "hours") {
		return Training{}
	}
	t := Training{ID: f.id(p, "trainings"), Grants: f.levels(f.Need(p, "grants"))}
	if part, ok := p.Get("prerequisite"); ok && !part.Null() {
		t.Prerequisite = f.levels(part)
	}
	if part, ok := p.Get("seat_cost"); ok || !offers {
		if !ok {
			part = f.Need(p, "seat_cost")
		}
		t.SeatCost = int64(f.Whole(part, 0, mostYen))
	}
	if part, ok := p.Get("class_cost"); ok && !part.Null() {
		t.ClassCost = int64(f.Whole(part, 0, mostYen))
	}
	if part, ok := p.Get("seats"); ok && !part.Null() {
		seats := f.Whole(part, 0, mostHeads)
		t.Seats = &seats
	}
	if part, ok := p.Get("hours"); ok || f.limited {
		if !ok {
			part = f.Need(p, "hours")
		}
		t.Hours = f.Number(part, mostHours)
	}
	return t
}

func (f *file) offers(p jsonfile.Part) {
	if p.Null() {
		return
	}
	f.p.Offers = []Offer{}
	seen := map[Assignment]bool{}
	for _, part := range f.List(p) {
		if !f.Object(part, "person", "training", "cost") {
			return
		}
		o := Offer{f.known(part, "person", "people"), f.known(part, "training", "trainings"), int64(f.Whole(f.Need(part, "cost"), 0, mostYen))}
		if pair := (Assignment{o.Person, o.Training}); seen[pair] {
			f.Fail(part, "twice", "Name", pair.Person+" – "+pair.Training)
		} else {
			seen[pair] = true
		}
		f.p.Offers = append(f.p.Offers, o)
	}
}

// known returns an id that the file has.
func (f *file) known(p jsonfile.Part, field, kind string) string {
	at := f.Need(p, field)
	id := f.Text(at)
	if !f.ids[kind][id] {
		f.Fail(at, "unknown_"+kind, "Name", id)
	}
	return id
}

// checked tells what in a problem that did not come from a file cannot be.
type checked struct {
	jsonfile.Values
	ids map[string]bool
}

func (c *checked) id(kind string, i int, id string) {
	if c.ids[kind+id] {
		c.Fail(place(kind, i, "id"), "twice", "Name", id)
	}
	c.ids[kind+id] = true
}

func (c *checked) between(kind string, i int, field string, n, most float64) {
	if !(n >= 0 && n <= most) {
		c.Fail(place(kind, i, field), "not_number", "Limit", int64(most))
	}
}

func place(kind string, i int, field string) jsonfile.Part {
	return jsonfile.Part{Path: fmt.Sprintf("%s[%d].%s", kind, i, field)}
}

func (p Problem) check() error {
	c := checked{ids: map[string]bool{}}
	for i, s := range p.Skills {
		c.id("skills", i, s.ID)
		c.between("skills", i, "minimum", float64(s.Minimum), mostHeads)
		c.between("skills", i, "redundancy", float64(s.Redundancy), mostHeads)
		c.between("skills", i, "weight", s.Weight, mostWeight)
	}
	for i, who := range p.People {
		c.id("people", i, who.ID)
		if who.MaxHours != nil {
			c.between("people", i, "max_hours", *who.MaxHours, mostHours)
		}
	}
	for i, t := range p.Trainings {
		c.id("trainings", i, t.ID)
		c.between("trainings", i, "seat_cost", float64(t.SeatCost), mostYen)
		c.between("trainings", i, "class_cost", float64(t.ClassCost), mostYen)
		c.between("trainings", i, "hours", t.Hours, mostHours)
		if t.Seats != nil {
			c.between("trainings", i, "seats", float64(*t.Seats), mostHeads)
		}
	}
	pairs := map[Assignment]bool{}
	for i, o := range p.Offers {
		c.between("offers", i, "cost", float64(o.Cost), mostYen)
		pair := Assignment{o.Person, o.Training}
		switch {
		case !c.ids["people"+o.Person]:
			c.Fail(place("offers", i, "person"), "unknown_people", "Name", o.Person)
		case !c.ids["trainings"+o.Training]:
			c.Fail(place("offers", i, "training"), "unknown_trainings", "Name", o.Training)
		case pairs[pair]:
			c.Fail(jsonfile.Part{Path: fmt.Sprintf("offers[%d]", i)}, "twice", "Name", o.Person+" – "+o.Training)
		}
		pairs[pair] = true
	}
	return c.Err
}
