package team

// Dependency says on how many people a skill hangs.
type Dependency string

// The dependencies, the most pressing first.
const (
	OnNobody  Dependency = "nobody"  // needed, and nobody can do it alone
	OnOne     Dependency = "one"     // hangs on one person
	OnSeveral Dependency = "several" // two people or more
	NotNeeded Dependency = "spare"   // the department can do without
)

// Dependencies lists the dependencies in the order in which they press.
var Dependencies = []Dependency{OnNobody, OnOne, OnSeveral, NotNeeded}

// Dependency tells on how many people a skill hangs when so many can do it alone.
func (r Requirement) Dependency(holders int) Dependency {
	switch {
	case r.Minimum == 0:
		return NotNeeded
	case holders == 0:
		return OnNobody
	case holders == 1:
		return OnOne
	}
	return OnSeveral
}

// Coverage is how much of what is needed is there, over some skills.
type Coverage struct {
	Covered, Required    int // people that count, and people that are needed
	Nobody, One, Several int // skills by their dependency
}

// Add counts a skill that so many people can do alone. People beyond the needed
// ones do not make up for those missing elsewhere.
func (c *Coverage) Add(r Requirement, holders int) {
	c.Covered += min(holders, r.Minimum)
	c.Required += r.Minimum
	switch r.Dependency(holders) {
	case OnNobody:
		c.Nobody++
	case OnOne:
		c.One++
	case OnSeveral:
		c.Several++
	}
}

// Percent is the share that is covered, rounded; 100 means all, also where nothing
// is needed.
func (c Coverage) Percent() int {
	if c.Covered == c.Required {
		return 100
	}
	return min(99, (200*c.Covered+c.Required)/(2*c.Required))
}
