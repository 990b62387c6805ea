package team

// Kinds of things that the search indexes follow.
const (
	KindArticle      = "article"
	KindConsultation = "consultation"
	KindJargon       = "jargon"
	KindCompartment  = "compartment"
)

// Change says that a thing was written. Seq numbers are handed out in commit
// order, so whoever has seen n has seen every change before it.
type Change struct {
	Seq  int64  `db:"seq"`
	Kind string `db:"kind"`
	ID   string `db:"id"`
}

// Classes of documents that one search can be limited to.
const (
	// ClassArticle: an article that is not archived.
	ClassArticle = "article"
	// ClassAnswered: an answered consultation without an article.
	ClassAnswered = "answered"
	// ClassOther: any other consultation (open, or answered with an article).
	ClassOther = "other"
)

// Document is a thing as the search index sees it. Title is a short question,
// Wordings are further phrasings of the same question, Keywords are search
// words, Body is the answer (and, for a consultation, the question as it came).
type Document struct {
	Kind        string // KindArticle or KindConsultation
	ID          string
	Compartment string // "" is the whole department
	Class       string // one of the Class constants
	Title       string
	Wordings    []string
	Keywords    []string
	Body        string
}

// Size is how many bytes of text the document has.
func (d Document) Size() int {
	n := len(d.Title) + len(d.Body)
	for _, s := range append(append([]string{}, d.Wordings...), d.Keywords...) {
		n += len(s)
	}
	return n
}
