package team

import (
	"math"
	"time"
)

// AnswerHalfLife is after how long an answer counts half of what it did.
const AnswerHalfLife = 180 * 24 * time.Hour

// AnswerEvent says that somebody answered a question of a topic at a moment.
type AnswerEvent struct {
	ConsultationID string `db:"consultation_id" json:"consultation_id"`
	Ref            string `db:"ref" json:"ref"`
	Subject        string `db:"subject" json:"subject"`
	TopicID        string `db:"topic_id" json:"topic_id"`
	MemberID       string `db:"member_id" json:"member_id"`
	At             Stamp  `db:"at" json:"at"`
	// Reused: the answer was an article as it stands.
	Reused bool `db:"reused" json:"reused"`
	// Restricted: only a compartment reads the consultation.
	Restricted bool `db:"restricted" json:"restricted"`
}

// AnswerWeight tells how much an answer of a moment counts at another one: one that
// was given now counts 1, and half of it after each half-life. An article that was
// passed on as it stands counts half of that: it shows less of who passed it on.
func AnswerWeight(at, now time.Time, reused bool) float64 {
	weight := math.Exp2(-float64(max(now.Sub(at), 0)) / float64(AnswerHalfLife))
	if reused {
		weight /= 2
	}
	return weight
}

// Practice is how much somebody has answered on the topics of a skill: the weights of
// the answers by the level that their topics need.
type Practice [5]float64

// Add counts an answer on a topic that needs a level.
func (p *Practice) Add(need Level, weight float64) { p[need] += weight }

// enough is how much practice shows each level.
var enough = [5]float64{Assisting: 0.5, Routine: 2, Independent: 6}

// Observed returns the level that shows in the answers: the highest one for which
// there are enough on topics that need it. It is 3 at most, since answers do not show
// whether somebody decides exceptions and teaches, and NotAssessed where there is
// too little to say anything: who answers nothing may still be able to.
func (p Practice) Observed() Level {
	sum := p[Deciding]
	for l := Independent; l >= Assisting; l-- {
		if sum += p[l]; sum >= enough[l] {
			return l
		}
	}
	return NotAssessed
}
