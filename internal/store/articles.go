package store

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const (
	answerColumns  = "decision, short_answer, reason, merit, demerit, steps, alternative, due, due_reason, basis"
	answerMarks    = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
	answerSets     = "decision = ?, short_answer = ?, reason = ?, merit = ?, demerit = ?, steps = ?, alternative = ?, due = ?, due_reason = ?, basis = ?"
	articleColumns = "a.id, COALESCE(a.compartment_id, '') AS compartment_id, a.title, a.decision, a.short_answer, a.reason, a.merit, a.demerit, a.steps, a.alternative, a.due, a.due_reason, a.basis, " +
		"a.state, a.audience, a.keywords, a.review_due, a.version, a.external_id, COALESCE(a.created_by, '') AS created_by, a.created_at, " +
		"COALESCE(a.updated_by, '') AS updated_by, a.updated_at, COALESCE(a.verified_by, '') AS verified_by, a.verified_at"
	flagColumns = "id, article_id, note, COALESCE(raised_by, '') AS raised_by, raised_at, COALESCE(resolved_by, '') AS resolved_by, resolved_at"
)

func answerArgs(a team.Answer) []any {
	return []any{a.Decision, a.Short, a.Reason, a.Merit, a.Demerit, a.Steps, a.Alternative, a.Due, a.DueReason, a.Basis}
}

// cleanAnswer makes every box fit to be stored.
func cleanAnswer(a *team.Answer) {
	for _, box := range []*string{&a.Short, &a.Reason, &a.Merit, &a.Demerit, &a.Alternative, &a.Due, &a.DueReason, &a.Basis} {
		*box = text.Clean(*box)
	}
	a.Steps = team.LinesOf(text.Clean(a.Steps.String()))
}

// Article returns one article with its topics and wordings, or team.ErrNotFound
// when there is none that the person may know of.
func (s *Store) Article(ctx context.Context, by team.Member, id string) (a team.Article, err error) {
	err = s.read(ctx, func(t tx) error {
		a, err = article(ctx, t, by, id)
		return err
	})
	return a, err
}

func article(ctx context.Context, t tx, by team.Member, id string) (a team.Article, err error) {
	list, err := articlesByID(ctx, t, by, []string{id})
	if err == nil && len(list) == 0 {
		err = team.ErrNotFound
	}
	if err != nil {
		return a, err
	}
	return list[0], nil
}

// ArticlesByID returns those of the articles that exist and that the person may
// read, in the order of ids.
func (s *Store) ArticlesByID(ctx context.Context, by team.Member, ids []string) (list []team.Article, err error) {
	err = s.read(ctx, func(t tx) error {
		list, err = articlesByID(ctx, t, by, ids)
		return err
	})
	return list, err
}

func articlesByID(ctx context.Context, t tx, by team.Member, ids []string) ([]team.Article, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, args := visible(by, "a")
	query, args, err := sqlx.In("SELECT "+articleColumns+" FROM articles a WHERE "+seen+" AND a.id IN (?)", append(args, ids)...)
	if err != nil {
		return nil, err
	}
	var list []team.Article
	if err := t.list(ctx, &list, query, args...); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(x, y team.Article) int { return slices.Index(ids, x.ID) - slices.Index(ids, y.ID) })
	return list, attach(ctx, t, list)
}

// attach reads the topics and wordings of some articles, two queries for all.
func attach(ctx context.Context, t tx, list []team.Article) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := map[string]*team.Article{}, make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
		at[ids[i]] = &list[i]
	}
	var topics []struct {
		Article string `db:"article_id"`
		Topic   string `db:"topic_id"`
	}
	if err := listIn(ctx, t, &topics, "SELECT article_id, topic_id FROM article_topics WHERE article_id IN (?) ORDER BY article_id, topic_id", ids); err != nil {
		return err
	}
	for _, p := range topics {
		at[p.Article].Topics = append(at[p.Article].Topics, p.Topic)
	}
	var wordings []team.Wording
	if err := listIn(ctx, t, &wordings, "SELECT id, article_id, COALESCE(consultation_id, '') AS consultation_id, text, added_at FROM wordings WHERE article_id IN (?) ORDER BY added_at, id", ids); err != nil {
		return err
	}
	for _, w := range wordings {
		at[w.ArticleID].Wordings = append(at[w.ArticleID].Wordings, w)
	}
	return nil
}

// listIn runs a query with one list of ids in it; the list must not be empty.
func listIn(ctx context.Context, t tx, dest any, query string, ids []string) error {
	query, args, err := sqlx.In(query, ids)
	if err != nil {
		return err
	}
	return t.list(ctx, dest, query, args...)
}

// ArticleFilter narrows the shelf. Empty fields narrow nothing; archived articles
// show only when asked for.
type ArticleFilter struct {
	State   team.ArticleState
	Topic   string
	Words   string   // part of the title
	AnyWord []string // at least one of these, folded, is in the title
	Overdue team.Date
	Flagged bool   // somebody's flag is open
	Sort    string // one of the Sort constants; "" is SortUpdated
	Page    int    // from 0
	All     bool   // every page at once
}

// The orders of the shelf.
const (
	SortUpdated = "updated" // the most recently changed first
	SortUsed    = "used"    // the most used first, counting what the person may see
	SortDue     = "due"     // the next to be reviewed first
	SortTitle   = "title"
)

// Sorts lists the orders in the order of a form.
var Sorts = []string{SortUpdated, SortUsed, SortDue, SortTitle}

// PageSize is how many rows a list shows at once.
const PageSize = 50

// Articles returns one page of the shelf and how many there are in all, counting
// only what the person may read.
func (s *Store) Articles(ctx context.Context, by team.Member, f ArticleFilter) (list []team.Article, total int, err error) {
	where, args := f.where(by)
	order, uses, usesArgs := f.order(by)
	err = s.read(ctx, func(t tx) error {
		if err := t.get(ctx, &total, "SELECT COUNT(*) FROM articles a WHERE "+where, args...); err != nil {
			return err
		}
		// First the ids: sorting whole articles for the fifty that show takes longest.
		var ids []string
		if err := t.list(ctx, &ids, "SELECT a.id FROM articles a"+uses+" WHERE "+where+" ORDER BY "+order+" LIMIT ? OFFSET ?",
			slices.Concat(usesArgs, args, pageOf(f.Page, f.All))...); err != nil {
			return err
		}
		for some := range slices.Chunk(ids, 1000) { // a statement takes only so many values
			part, err := articlesByID(ctx, t, by, some)
			if err != nil {
				return err
			}
			list = append(list, part...)
		}
		return nil
	})
	return list, total, err
}

// pageOf is the limit and the offset of a page, or of all pages.
func pageOf(number int, all bool) []any {
	if all {
		return []any{math.MaxInt32, 0}
	}
	return []any{PageSize, PageSize * max(number, 0)}
}

// where is the condition of a filter with its values.
func (f ArticleFilter) where(by team.Member) (string, []any) {
	where, args := visible(by, "a")
	add := func(condition string, values ...any) { where, args = where+" AND "+condition, append(args, values...) }
	if f.State != "" {
		add("a.state = ?", f.State)
	} else {
		add("a.state <> ?", team.ArticleArchived)
	}
	if f.Topic != "" {
		add("EXISTS (SELECT 1 FROM article_topics p WHERE p.article_id = a.id AND p.topic_id = ?)", f.Topic)
	}
	if f.Words != "" {
		add("a.title_key LIKE ? ESCAPE '!'", "%"+likeEscape(text.Key(f.Words))+"%")
	}
	if len(f.AnyWord) > 0 {
		var patterns []any
		for _, w := range f.AnyWord {
			patterns = append(patterns, "%"+likeEscape(text.Key(w))+"%")
		}
		add("("+strings.Repeat("a.title_key LIKE ? ESCAPE '!' OR ", len(patterns)-1)+"a.title_key LIKE ? ESCAPE '!')", patterns...)
	}
	if !f.Overdue.IsZero() {
		add("a.review_due < ?", f.Overdue)
	}
	if f.Flagged {
		add("EXISTS (SELECT 1 FROM flags f WHERE f.article_id = a.id AND f.resolved_at IS NULL)")
	}
	return where, args
}

// order is the order of a filter, with the join it needs and the join's values.
func (f ArticleFilter) order(by team.Member) (order, join string, args []any) {
	switch f.Sort {
	case SortUsed:
		join, args := usesJoin(by)
		return "COALESCE(u.n, 0) - COALESCE(h.n, 0) DESC, a.updated_at DESC, a.id", join, args
	case SortDue:
		return "a.review_due NULLS LAST, a.id", "", nil
	case SortTitle:
		return `a.title_key COLLATE "C", a.id`, "", nil
	}
	return "a.updated_at DESC, a.id", "", nil
}

// usesJoin counts the uses of every article (u) and those among them that the
// person may not know of (h), which are few: asking of each use whether it may be
// seen takes ten times as long. The cross join keeps SQLite to this order of reading.
func usesJoin(by team.Member) (string, []any) {
	seen, args := visible(by, "c")
	return ` LEFT JOIN (SELECT article_id, COUNT(*) AS n FROM article_links GROUP BY article_id) u ON u.article_id = a.id
		LEFT JOIN (SELECT l.article_id, COUNT(*) AS n FROM consultations c CROSS JOIN article_links l
			WHERE l.consultation_id = c.id AND c.compartment_id IS NOT NULL AND NOT (` + seen + `) GROUP BY l.article_id) h ON h.article_id = a.id`, args
}

// Usages returns how often each article was used in consultations that the person
// may see, by article id; an article never used is missing.
func (s *Store) Usages(ctx context.Context, by team.Member, ids []string) (map[string]team.Usage, error) {
	all := map[string]team.Usage{}
	if len(ids) == 0 {
		return all, nil
	}
	err := s.read(ctx, func(t tx) error {
		seen, args := visible(by, "c")
		query, args, err := sqlx.In(`SELECT l.article_id, COUNT(*) AS uses, MAX(l.linked_at) AS last_used, COUNT(DISTINCT c.answered_by) AS people
			FROM article_links l JOIN consultations c ON c.id = l.consultation_id WHERE `+seen+` AND l.article_id IN (?) GROUP BY l.article_id`, append(args, ids)...)
		if err != nil {
			return err
		}
		var used []team.Usage
		if err := t.list(ctx, &used, query, args...); err != nil {
			return err
		}
		for _, u := range used {
			all[u.ArticleID] = u
		}
		var flags []team.Usage
		if err := listIn(ctx, t, &flags, "SELECT article_id, COUNT(*) AS flags FROM flags WHERE resolved_at IS NULL AND article_id IN (?) GROUP BY article_id", ids); err != nil {
			return err
		}
		for _, f := range flags {
			u := all[f.ArticleID]
			u.ArticleID, u.Flags = f.ArticleID, f.Flags
			all[f.ArticleID] = u
		}
		return nil
	})
	return all, err
}

// SaveArticle adds an article (empty id) or saves a new version of one at the
// version it was read at (team.ErrStale otherwise). The wordings given replace
// those that were typed by hand; those kept by reuse stay. A key makes a repeated
// create return the first result.
func (s *Store) SaveArticle(ctx context.Context, by team.Member, a team.Article, key string) (team.Article, error) {
	if !team.CanWrite(by) {
		return a, team.ErrForbidden
	}
	cleanArticle(&a)
	if err := a.Validate(); err != nil {
		return a, err
	}
	err := s.write(ctx, func(t tx) error {
		if done, err := once(ctx, t, by, key); err != nil || done != "" {
			a.ID = done
			return err
		}
		if err := checkCompartment(ctx, t, by, a.Compartment); err != nil {
			return err
		}
		if err := writeArticle(ctx, t, by, &a); err != nil {
			return err
		}
		if err := remember(ctx, t, by, key, a.ID); err != nil {
			return err
		}
		return recordChange(ctx, t, team.KindArticle, a.ID)
	})
	return a, err
}

func cleanArticle(a *team.Article) {
	a.Title = text.Clean(a.Title)
	cleanAnswer(&a.Answer)
	a.Keywords = team.LinesOf(text.Clean(a.Keywords.String()))
	for i := range a.Wordings {
		a.Wordings[i].Text = text.Clean(a.Wordings[i].Text)
	}
}

// writeArticle inserts or updates the row, keeps the version, topics and wordings.
func writeArticle(ctx context.Context, t tx, by team.Member, a *team.Article) error {
	a.UpdatedBy, a.UpdatedAt = by.ID, t.now
	action := "change"
	var err error
	if a.ID == "" || a.Version == 0 {
		action = "add"
		err = insertArticle(ctx, t, by, a)
	} else {
		err = updateArticle(ctx, t, by, a)
	}
	return firstError(err,
		func() error { return keepVersion(ctx, t, *a) },
		func() error { return writeTopics(ctx, t, *a) },
		func() error { return writeWordings(ctx, t, a) },
		func() error { return audit(ctx, t, by, action, team.KindArticle, a.ID) })
}

func insertArticle(ctx context.Context, t tx, by team.Member, a *team.Article) error {
	if a.ID == "" {
		a.ID = newID()
	}
	a.Version, a.CreatedBy, a.CreatedAt = 1, by.ID, t.now
	if a.State == team.ArticleVerified {
		a.VerifiedBy, a.VerifiedAt = by.ID, t.now
	}
	return insertArticleRow(ctx, t, *a)
}

func insertArticleRow(ctx context.Context, t tx, a team.Article) error {
	args := append([]any{a.ID, null(a.Compartment), a.Title, text.Key(a.Title)}, answerArgs(a.Answer)...)
	args = append(args, a.State, a.Audience, a.Keywords, a.ReviewDue, a.Version, a.ExternalID, null(a.CreatedBy), a.CreatedAt,
		null(a.UpdatedBy), a.UpdatedAt, null(a.VerifiedBy), a.VerifiedAt)
	return t.run(ctx, "INSERT INTO articles (id, compartment_id, title, title_key, "+answerColumns+`, state, audience, keywords, review_due,
		version, external_id, created_by, created_at, updated_by, updated_at, verified_by, verified_at)
		VALUES (?, ?, ?, ?, `+answerMarks+", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", args...)
}

// updateArticle saves what was typed; the compartment and who made it are read
// from the database, and only a fresh verification renews its date.
func updateArticle(ctx context.Context, t tx, by team.Member, a *team.Article) error {
	before, err := article(ctx, t, by, a.ID)
	if err != nil {
		return err
	}
	a.Compartment, a.CreatedBy, a.CreatedAt, a.ExternalID = before.Compartment, before.CreatedBy, before.CreatedAt, before.ExternalID
	a.VerifiedBy, a.VerifiedAt = before.VerifiedBy, before.VerifiedAt
	if a.State == team.ArticleVerified && before.State != team.ArticleVerified {
		a.VerifiedBy, a.VerifiedAt = by.ID, t.now
	}
	args := append([]any{a.Title, text.Key(a.Title)}, answerArgs(a.Answer)...)
	args = append(args, a.State, a.Audience, a.Keywords, a.ReviewDue, null(a.UpdatedBy), a.UpdatedAt, null(a.VerifiedBy), a.VerifiedAt, a.ID, a.Version)
	err = t.update(ctx, "UPDATE articles SET title = ?, title_key = ?, "+answerSets+`, state = ?, audience = ?, keywords = ?, review_due = ?,
		updated_by = ?, updated_at = ?, verified_by = ?, verified_at = ?, version = version + 1 WHERE id = ? AND version = ?`, args...)
	a.Version++
	return err
}

func keepVersion(ctx context.Context, t tx, a team.Article) error {
	return insertVersion(ctx, t, team.ArticleVersion{ArticleID: a.ID, Version: a.Version, Title: a.Title, Answer: a.Answer, State: a.State,
		Audience: a.Audience, Keywords: a.Keywords, ReviewDue: a.ReviewDue, SavedBy: a.UpdatedBy, SavedAt: a.UpdatedAt})
}

func insertVersion(ctx context.Context, t tx, v team.ArticleVersion) error {
	args := append([]any{v.ArticleID, v.Version, v.Title}, answerArgs(v.Answer)...)
	args = append(args, v.State, v.Audience, v.Keywords, v.ReviewDue, null(v.SavedBy), v.SavedAt)
	return t.run(ctx, "INSERT INTO article_versions (article_id, version, title, "+answerColumns+", state, audience, keywords, review_due, saved_by, saved_at) VALUES (?, ?, ?, "+
		answerMarks+", ?, ?, ?, ?, ?, ?)", args...)
}

func writeTopics(ctx context.Context, t tx, a team.Article) error {
	if a.Version > 1 { // a new one has none yet
		if err := t.run(ctx, "DELETE FROM article_topics WHERE article_id = ?", a.ID); err != nil {
			return err
		}
	}
	for _, topic := range a.Topics {
		// An unknown topic (deleted, or a forged form) is left out rather than refused.
		if err := t.run(ctx, "INSERT INTO article_topics (article_id, topic_id) SELECT ?, id FROM topics WHERE id = ? ON CONFLICT DO NOTHING", a.ID, topic); err != nil {
			return err
		}
	}
	return nil
}

func writeWordings(ctx context.Context, t tx, a *team.Article) error {
	if a.Version > 1 {
		if err := t.run(ctx, "DELETE FROM wordings WHERE article_id = ? AND consultation_id IS NULL", a.ID); err != nil {
			return err
		}
	}
	for i, w := range a.Wordings {
		if w.ConsultationID != "" || w.Text == "" {
			continue
		}
		if _, err := addWording(ctx, t, a.ID, "", w.Text); err != nil {
			return err
		}
		a.Wordings[i].ArticleID = a.ID
	}
	return nil
}

// addWording keeps how somebody asked, unless the article has just this wording
// already; it tells whether it added one.
func addWording(ctx context.Context, t tx, articleID, consultationID, wording string) (bool, error) {
	var same int
	err := t.get(ctx, &same, "SELECT COUNT(*) FROM wordings WHERE article_id = ? AND text_key = ?", articleID, text.Key(wording))
	if err != nil || same > 0 {
		return false, err
	}
	err = t.run(ctx, "INSERT INTO wordings (id, article_id, consultation_id, text, text_key, added_at) VALUES (?, ?, ?, ?, ?, ?)",
		newID(), articleID, null(consultationID), wording, text.Key(wording), t.now)
	return err == nil, err
}

// VerifyArticle says that an article is right as of today: it becomes verified, by
// this person, at the version they read, with its next review day.
func (s *Store) VerifyArticle(ctx context.Context, by team.Member, id string, version int, due team.Date) error {
	if !team.CanWrite(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		a, err := article(ctx, t, by, id)
		if err != nil {
			return err
		}
		a.Version, a.State, a.ReviewDue = version, team.ArticleVerified, due
		return firstError(writeArticle(ctx, t, by, &a),
			func() error {
				return t.run(ctx, "UPDATE articles SET verified_by = ?, verified_at = ? WHERE id = ?", null(by.ID), t.now, id)
			},
			func() error { return recordChange(ctx, t, team.KindArticle, id) })
	})
}

// likeEscape makes user text literal inside LIKE … ESCAPE '!'.
func likeEscape(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '%' || r == '_' || r == '!' {
			out = append(out, '!')
		}
		out = append(out, r)
	}
	return string(out)
}
