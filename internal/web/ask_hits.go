package web

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/search"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// hitRow is one answer found, ready to print.
type hitRow struct {
	page
	Article  team.Article
	Title    []search.Span
	Short    []search.Span
	Why      []search.Span // a place that matched where title and short answer did not
	WhyLabel string        // what that place is
	Usage    team.Usage
	Asked    bool    // there was a question, so that a match means something
	Dots     [5]bool // how well it fits
	Fit      string  // the same in words
	State    badge
	Overdue  bool
	Chosen   bool
}

// similarRow is one consultation found that has no article.
type similarRow struct {
	page
	Consultation team.Consultation
	Title        []search.Span
	Who          string
}

// showHits reads the rows of what was found; the database has the last word on who
// may see them.
func (s *Server) showHits(c *fiber.Ctx, p *askPage, result search.Result) error {
	ctx := c.UserContext()
	var articleIDs, consultationIDs []string
	fit := map[string]float64{}
	for _, h := range result.Hits {
		fit[h.ID] = h.Confidence
		if h.Kind == team.KindArticle {
			articleIDs = append(articleIDs, h.ID)
		} else {
			consultationIDs = append(consultationIDs, h.ID)
		}
	}
	articles, err := s.Store.ArticlesByID(ctx, p.Member, articleIDs)
	if err != nil {
		return err
	}
	usage, err := s.Store.Usages(ctx, p.Member, articleIDs)
	if err != nil {
		return err
	}
	for _, a := range articles {
		row := s.hitRow(p.page, a, usage[a.ID], fit[a.ID], result.Words)
		row.Asked = p.Searched != "" && !p.TitleOnly
		p.Hits = append(p.Hits, row)
	}
	p.Answered = result.Answered
	if p.Searched != "" {
		chooseHit(p)
	}
	return s.showSimilar(c, p, consultationIDs, result.Words)
}

func chooseHit(p *askPage) {
	i := slices.IndexFunc(p.Hits, func(h hitRow) bool { return h.Article.ID == p.chosen })
	if len(p.Hits) > 0 {
		p.Hits[max(i, 0)].Chosen = true
	}
}

// dotsFrom are the confidences from which a hit has its next dot: questions that
// were never asked before mostly stay below the second, three mails in four reach the third.
var dotsFrom = [5]float64{0.05, 0.1, 0.2, 0.3, 0.4}

func (s *Server) hitRow(p page, a team.Article, u team.Usage, fit float64, words []string) hitRow {
	row := hitRow{page: p, Article: a, Usage: u, State: p.Badge("article_state", a.State), Overdue: a.Overdue(s.today())}
	row.Title = search.Highlight(a.Title, words, team.MaxTitle)
	row.Short = search.Highlight(a.Short, words, snippetLen)
	row.Why, row.WhyLabel = p.why(a, words)
	filled := 0
	for i, from := range dotsFrom {
		if row.Dots[i] = fit >= from; row.Dots[i] {
			filled++
		}
	}
	row.Fit = p.T("ask.fit", "Dots", filled)
	return row
}

// whyLen is the longest place shown as the reason of a match, in runes.
const whyLen = 40

// why finds the place that says most about a match beyond title and short answer:
// the asked wording, keywords or box with the most words that those two lack.
func (p page) why(a team.Article, words []string) ([]search.Span, string) {
	seen := text.Fold(a.Title + "\n" + a.Short)
	rest := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return text.Runes(w) < 2 || strings.Contains(seen, w) })
	best, place, label := 0, "", ""
	look := func(name, content string) {
		folded, found := text.Fold(content), 0
		for _, w := range rest {
			if strings.Contains(folded, w) {
				found++
			}
		}
		if found > best {
			best, place, label = found, content, name
		}
	}
	for _, w := range a.Wordings {
		look(p.T("article.wordings"), w.Text)
	}
	look(p.T("article.keywords"), strings.Join(a.Keywords, "、"))
	for _, box := range []struct{ key, content string }{
		{"box.reason", a.Reason}, {"box.steps", a.Steps.String()}, {"box.alternative", a.Alternative}, {"box.merit", a.Merit},
		{"box.demerit", a.Demerit}, {"box.due", a.Due + " " + a.DueReason}, {"box.basis", a.Basis},
	} {
		look(p.T(box.key), box.content)
	}
	if best == 0 {
		return nil, ""
	}
	return search.Highlight(place, rest, whyLen), label
}

func (s *Server) showSimilar(c *fiber.Ctx, p *askPage, ids, words []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.Store.ConsultationsByID(c.UserContext(), p.Member, ids)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if row, ok := rows[id]; ok && id != p.ForID {
			p.Similar = append(p.Similar, similarRow{page: p.page, Consultation: row, Who: names[row.AnsweredBy],
				Title: search.Highlight(row.Subject, words, team.MaxTitle)})
		}
	}
	return nil
}

var wordLike = regexp.MustCompile(`[\p{Han}\p{Katakana}ーa-z0-9]{2,}`)

// titleWords are the words worth looking for in titles while there is no index.
func titleWords(question string) []string {
	return firstFew(wordLike.FindAllString(text.Fold(question), 40), 12)
}

// nearWords offers words of the dictionary that share something with the question
// and were not searched for yet.
func (s *Server) nearWords(c *fiber.Ctx, question string, searched []string) ([]string, error) {
	dictionary, err := s.Store.Jargon(c.UserContext())
	parts := titleWords(question)
	var near []string
	for _, term := range dictionary {
		for _, word := range append([]string{term.Term}, term.Synonyms...) {
			if len(near) < 6 && shares(text.Fold(word), parts) && !slices.Contains(searched, text.Fold(word)) {
				near = append(near, word)
			}
		}
	}
	return near, err
}

// shares tells whether a word holds, or is held by, one of the parts. Letters of the
// alphabet count as whole words only, and short ones not at all: "is" is in many.
func shares(word string, parts []string) bool {
	return text.Runes(word) > 1 && slices.ContainsFunc(parts, func(part string) bool {
		if isLatin(part) || isLatin(word) {
			return len(part) > 3 && slices.Contains(strings.Fields(word), part)
		}
		return strings.Contains(word, part) || strings.Contains(part, word)
	})
}

func isLatin(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0 }
