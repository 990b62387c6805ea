package team

// Incoming is one article or consultation as it was read from a file, before it is
// compared with what the department has. Exactly one of Article and Consultation is
// set. What a file names in words (topics, department, answerer) stays a word here:
// only the database knows the ids.
type Incoming struct {
	File string // the name of the file it came from
	Line int    // where it begins there, from 1; 0 where the format has no lines

	Article      *Article
	Consultation *Consultation

	Topics     []string // names; a consultation uses the first
	Department string   // name, "" when the file does not say
	Answerer   string   // name or e-mail address of the member who answered, "" when the file does not say

	// Problems are the fields that could not be read or are missing: the row is
	// shown and left out.
	Problems Invalid
}
