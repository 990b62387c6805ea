package team

// The days within which a training shows.
const (
	// EffectDays is how long after a training a rise counts as its effect.
	EffectDays = 180
	// ReviewDays is how long after a training its levels are worth another look.
	ReviewDays = 365
	// AskAgainDays is after how long somebody who did not want to look is asked once more.
	AskAgainDays = 30
)

// AsksForReview tells whether somebody is to be asked to look at a level again after a
// training: as long as nobody has said anything of the skill since, and it could have
// risen. Who waves it away is asked once more after AskAgainDays, and then no more. It
// never changes a level. The history is one person's; dismissals are the days on which
// the same side waved it away.
func AsksForReview(r TrainingRecord, k RecordSkill, history []Assessment, dismissals []Date, today Date) bool {
	if !r.Counts() || today.Before(r.Day) || r.Day.AddDays(ReviewDays).Before(today) || len(dismissals) > 1 {
		return false
	}
	for _, day := range dismissals {
		if today.Before(day.AddDays(AskAgainDays)) {
			return false
		}
	}
	cell := Cell{}
	for i := range history {
		a := &history[i]
		if a.SkillID != k.SkillID {
			continue
		}
		if r.Day.Before(a.Day) || (a.Day == r.Day && a.MadeAt.After(r.CreatedAt.Time)) {
			return false
		}
		if a.ReplacedOn.IsZero() {
			cell.Put(a)
		}
	}
	now := cell.On(today)
	return now < Deciding && (!k.Level.Assessed() || now < k.Level)
}

// Outcome says what became of a training for a person.
type Outcome string

// The outcomes.
const (
	OutcomeOpen    Outcome = "open"    // there is still time
	OutcomeUnknown Outcome = "unknown" // nobody had confirmed a level before
	OutcomeSame    Outcome = "same"
	OutcomeRose    Outcome = "rose"
)

// OutcomeOf compares, for the skills of a record, the validated level before the
// training with the best one of the EffectDays after it (M30). A rise in one of them is
// enough. The history is one person's. Until the time is over it is open, also when a
// level rose already: those that rise early would otherwise count before the others.
func OutcomeOf(r TrainingRecord, history []Assessment, today Date) Outcome {
	end := r.Day.AddDays(EffectDays)
	outcome := OutcomeUnknown
	for _, k := range r.Skills {
		before, best := NotAssessed, NotAssessed
		var last Date
		for _, a := range history {
			if a.SkillID != k.SkillID || a.Kind != Validated {
				continue
			}
			switch {
			case r.Day.Before(a.Day):
				if !end.Before(a.Day) {
					best = max(best, a.Level)
				}
			case !a.Day.Before(last): // of two on one day the later in the history
				before, last = a.Level, a.Day
			}
		}
		if !before.Assessed() {
			continue
		}
		if best > before {
			outcome = OutcomeRose
		} else if outcome == OutcomeUnknown {
			outcome = OutcomeSame
		}
	}
	if outcome != OutcomeUnknown && !end.Before(today) {
		return OutcomeOpen
	}
	return outcome
}

// TrainingEffect counts what became of a training: of Measured records Rose were
// followed by a rise; of Open ones it cannot be said yet.
type TrainingEffect struct{ Rose, Measured, Open int }

// Add counts an outcome.
func (e *TrainingEffect) Add(o Outcome) {
	switch o {
	case OutcomeOpen:
		e.Open++
	case OutcomeRose:
		e.Rose, e.Measured = e.Rose+1, e.Measured+1
	case OutcomeSame:
		e.Measured++
	}
}

// fewRecords is below how many records a number tells more of people than of a training.
const fewRecords = 5

// CanSeeEffect tells whether a person may see the effect of a training: leads always,
// the others when it counts enough people not to speak of single ones.
func CanSeeEffect(by Member, e TrainingEffect) bool {
	return CanManage(by) || (CanRead(by) && e.Measured >= fewRecords)
}
