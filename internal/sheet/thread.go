package sheet

import (
	"slices"

	"tasuki/internal/text"
)

// mostHops is how far back a thread is followed.
const mostHops = 50

// mailCase is a question with the mails that answer it, oldest first. Where the
// question is only quoted, it is the first answer itself.
type mailCase struct {
	question *letter
	answers  []*letter
	followUp bool // the asker's second mail in a thread
}

// answersQuote tells whether a mail is an answer that carries its question as a quote.
func (l *letter) answersQuote() bool { return l.isReply && l.split.Quoted != "" }

// quoted tells whether the question is known only from the quote of its answer.
func (c mailCase) quoted() bool { return !c.followUp && c.question.answersQuote() }

// leftOut tells whether a case is only a thank-you: a second mail of the asker that
// asks nothing and that nobody answered.
func (c mailCase) leftOut() bool {
	return c.followUp && len(c.answers) == 0 && !text.Asks(c.question.split.Text)
}

// threads joins questions and answers, in the order of the questions in the file.
// Whoever wrote the first mail of a thread asks; the others answer.
func threads(letters []letter) []mailCase {
	t := threadReader{letters: letters, parents: parentsOf(letters), caseOf: map[int]int{}}
	for i := range letters {
		if t.asks(i) {
			t.open(i)
		}
	}
	for i := range letters {
		if !t.asks(i) {
			t.answer(i)
		}
	}
	for i := range t.cases {
		slices.SortStableFunc(t.cases[i].answers, func(a, b *letter) int { return a.date.Compare(b.date) })
	}
	return t.cases
}

type threadReader struct {
	letters []letter
	parents []int // of each letter the one it answers, -1 if it is not in the file
	cases   []mailCase
	caseOf  map[int]int // letter → its case, for those that ask
}

func parentsOf(letters []letter) []int {
	byID := map[string]int{}
	for i, l := range letters {
		byID[l.id] = i
	}
	parents := make([]int, len(letters))
	for i, l := range letters {
		parents[i] = -1
		for _, id := range l.parents {
			if p, known := byID[id]; known && p != i {
				parents[i] = p
				break
			}
		}
	}
	return parents
}

// path returns the mails from letter i back to the first of its thread.
func (t *threadReader) path(i int) []int {
	path := []int{i}
	for len(path) < mostHops {
		p := t.parents[path[len(path)-1]]
		if p < 0 || slices.Contains(path, p) {
			break
		}
		path = append(path, p)
	}
	return path
}

// asks tells whether letter i is of the person who began the thread, or begins one.
func (t *threadReader) asks(i int) bool {
	path := t.path(i)
	root := &t.letters[path[len(path)-1]]
	if len(path) == 1 {
		return true
	}
	asker := root.address
	if root.answersQuote() {
		if asker = root.split.Address; asker == "" {
			return t.letters[i].address != root.address
		}
	}
	return t.letters[i].address == asker
}

func (t *threadReader) open(i int) {
	l := &t.letters[i]
	c := mailCase{question: l, followUp: t.parents[i] >= 0}
	if c.quoted() {
		c.answers = []*letter{l}
	}
	t.caseOf[i] = len(t.cases)
	t.cases = append(t.cases, c)
}

// answer puts letter i to the nearest question above it.
func (t *threadReader) answer(i int) {
	for _, p := range t.path(i)[1:] {
		if n, asks := t.caseOf[p]; asks {
			t.cases[n].answers = append(t.cases[n].answers, &t.letters[i])
			return
		}
	}
	t.open(i) // a circle of references
}
