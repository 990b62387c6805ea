package sample

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"tasuki/internal/team"
)

// Company is the whole demo department and the company around it: サンプル精機,
// whose security department has answered questions for a year. Everything in it
// refers to each other by id and can be stored as it is, in the order of the fields.
type Company struct {
	Members      []team.Member
	Departments  []team.Department
	Topics       []team.Topic
	Requesters   []team.Requester
	Compartments []team.Compartment // with their members
	// Articles carry their topics; their wordings refer to consultations, which
	// have to be stored before them. The ids of wordings are set.
	Articles []team.Article
	Versions []team.ArticleVersion // all versions of all articles, the current one included
	Flags    []team.Flag
	// Consultations carry their links, and are in the order in which they came.
	Consultations []team.Consultation

	Categories  []team.Category
	Skills      []team.Skill
	TopicSkills []team.TopicSkill
	// Assessments and targets are in the order in which they replace each other.
	Assessments []team.Assessment
	Targets     []team.Target
	Absences    []team.Absence
	// Trainings and who went, or is going, to them.
	Trainings []team.Training
	Records   []team.TrainingRecord
	// Certifications do not say whom they renew: Renewals do.
	Certifications []team.Certification
	Renewals       []team.CertificationRenewal
	Certificates   []team.Certificate
	Activities     []team.CreditActivity
	Files          []team.File
}

// Demo returns the demo department as it stands at a moment: its history lies in
// the twelve months before, and nothing is later than now. Ids are the same on
// every day; on one day (of Japan) all but the questions of the last hours is.
func Demo(now time.Time) Company {
	b := newBuilder(now)
	b.addPeople()
	b.addHistory()
	b.addArticles()
	b.addRestricted()
	b.addOpen()
	b.addSkills()
	b.addCertificates()
	b.addTrainings()
	return b.finish()
}

// DemoMember returns the id of a demo member by the part of the e-mail before the
// @, for example "takada".
func DemoMember(key string) string { return demoID("member", key) }

// DemoArticle returns the id of a demo article by its question number, "Q01" to "Q40".
func DemoArticle(question string) string { return demoID("article", question) }

// Paraphrase is another way to ask what an article answers.
type Paraphrase struct {
	Question string // "Q01" to "Q40"
	Article  string // the article's id
	Text     string
}

// Paraphrases returns three further phrasings of each of the 40 questions. They
// stand nowhere in the demo department, so that they can test its search.
func Paraphrases() []Paraphrase {
	var list []Paraphrase
	for _, q := range readQuestions() {
		for _, v := range q.Variants {
			list = append(list, Paraphrase{q.ID, DemoArticle(q.ID), v})
		}
	}
	return list
}

//go:embed demo_articles.json
var questionsJSON []byte

//go:embed demo_asks.json
var asksJSON []byte

//go:embed demo_people.json
var peopleJSON []byte

// question is a question with its answer as written in the JSON files.
type question struct {
	ID           string   `json:"id"`
	Key          string   `json:"key"`
	Compartment  string   `json:"compartment"`
	Topic        string   `json:"topic"`
	FromName     string   `json:"from_name"`
	Channel      string   `json:"channel"`
	Subject      string   `json:"subject"`
	Body         string   `json:"body"`
	Variants     []string `json:"variants"`
	Decision     string   `json:"decision"`
	Short        string   `json:"short"`
	Why          string   `json:"why"`
	Pros         string   `json:"pros"`
	Cons         string   `json:"cons"`
	Steps        []string `json:"steps"`
	Alternative  string   `json:"alternative"`
	Due          string   `json:"due"` // the day, with its reason in brackets
	Rule         []string `json:"rule"`
	Keywords     []string `json:"keywords"`
	ReviewMonths int      `json:"review_months"`
	// Of consultations in a compartment and of open ones:
	Article     string `json:"article"`
	AnsweredBy  string `json:"answered_by"`
	TakenBy     string `json:"taken_by"`
	DaysAgo     int    `json:"days_ago"`
	WorkdaysAgo int    `json:"workdays_ago"`
	MinutesAgo  int    `json:"minutes_ago"`
	At          string `json:"at"`
}

// ask is how somebody else asked the same question; Department is the only one
// where the question makes sense, or empty.
type ask struct {
	Subject    string `json:"subject"`
	Text       string `json:"text"`
	Department string `json:"department"`
}

type topicData struct {
	Name    string   `json:"name"`
	NameEn  string   `json:"name_en"`
	Owner   string   `json:"owner"`   // who used to answer
	Able    []string `json:"able"`    // who can answer alone
	Skills  []string `json:"skills"`  // by their names
	Helpers []string `json:"helpers"` // who can answer with an article at hand
}

type departmentData struct {
	Key        string  `json:"key"`
	Name       string  `json:"name"`
	NameEn     string  `json:"name_en"`
	Headcount  int     `json:"headcount"`
	Weight     float64 `json:"weight"`
	SilentDays int     `json:"silent_days"` // nobody of it has asked for so long
}

type requesterData struct {
	Name       string `json:"name"`
	Reading    string `json:"reading"`
	Department string `json:"department"`
	Level      string `json:"reader_level"`
	Email      string `json:"email"`
}

type peopleData struct {
	Company string `json:"company"`
	Members []struct {
		Key            string `json:"key"`
		Name           string `json:"name"`
		Reading        string `json:"reading"`
		NameEn         string `json:"name_en"`
		Role           string `json:"role"`
		Title          string `json:"title"`
		Email          string `json:"email"`
		Language       string `json:"language"`
		JoinedYearsAgo int    `json:"joined_years_ago"`
	} `json:"members"`
	Departments  []departmentData `json:"departments"`
	Topics       []topicData      `json:"topics"`
	Requesters   []requesterData  `json:"requesters"`
	OneOffs      []question       `json:"one_offs"`
	Compartments []struct {
		Key     string   `json:"key"`
		Name    string   `json:"name"`
		Members []string `json:"members"`
	} `json:"compartments"`
	Restricted struct {
		Articles      []question `json:"articles"`
		Consultations []question `json:"consultations"`
	} `json:"restricted"`
	Open []question `json:"open"`
}

func readQuestions() (list []question) { return read[[]question](questionsJSON) }

// read decodes an embedded file; a file that does not fit is a fault of the build.
func read[T any](data []byte) (v T) {
	if err := json.Unmarshal(data, &v); err != nil {
		panic(fmt.Errorf("read the demo department: %w", err))
	}
	return v
}

// demoID returns a stable id in the form of all other ids.
func demoID(kind, name string) string {
	sum := sha256.Sum256([]byte("demo " + kind + " " + name))
	return base32.StdEncoding.EncodeToString(sum[:])[:26]
}

// demoRef returns a stable reference of five letters without look-alikes.
func demoRef(name string) string {
	const letters = "ACDEFGHJKMNPQRTWXY34679"
	sum := sha256.Sum256([]byte("demo ref " + name))
	var ref strings.Builder
	for _, c := range sum[:5] {
		ref.WriteByte(letters[int(c)%len(letters)])
	}
	return ref.String()
}

// stream returns random numbers of their own for one purpose, the same every time.
func stream(purpose string) *rand.Rand {
	sum := sha256.Sum256([]byte("20260401 " + purpose))
	return rand.New(rand.NewChaCha8(sum))
}
