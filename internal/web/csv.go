package web

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sheet"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// wantsCSV tells whether a list is asked for as a file: the same address with the same
// filters, and csv.
func wantsCSV(c *fiber.Ctx) bool { return c.Query("csv") != "" }

// CSV is the address of this list as a file, in UTF-8 or, for old spreadsheets, cp932.
func (p page) CSV(encoding string) string {
	p.Query = strings.TrimPrefix(strings.TrimPrefix(p.With("page", ""), p.Path), "?")
	return p.With("csv", encoding)
}

// sendCSV answers with a table as a file that a spreadsheet opens by a double click.
func (s *Server) sendCSV(c *fiber.Ctx, name string, columns []string, rows [][]string) error {
	encoding, charset := text.UTF8BOM, "utf-8"
	if c.Query("csv") == "cp932" {
		encoding, charset = text.CP932, "shift_jis"
	}
	var b bytes.Buffer
	if _, err := sheet.WriteCSV(&b, columns, rows, encoding); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset="+charset)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="tasuki-`+name+"-"+s.today().String()+`.csv"`)
	return c.Send(b.Bytes())
}

// articlesCSV is the shelf as a file, all pages of it.
func (s *Server) articlesCSV(c *fiber.Ctx, p page, f store.ArticleFilter) error {
	f.All = true
	list, _, err := s.Store.Articles(c.UserContext(), p.Member, f)
	if err != nil {
		return err
	}
	topics, err := s.Store.Topics(c.UserContext())
	if err != nil {
		return err
	}
	var rows [][]string
	for some := range slices.Chunk(list, 1000) { // a statement takes only so many values
		part, err := s.articleRows(c, some, topics)
		if err != nil {
			return err
		}
		for _, r := range part {
			rows = append(rows, []string{r.Article.Title, r.Article.Short, r.State.Label, strings.Join(r.Topics, "、"),
				strconv.Itoa(r.Usage.Count), strconv.Itoa(r.Usage.Flags), r.Article.ReviewDue.String()})
		}
	}
	return s.sendCSV(c, "articles", []string{p.T("article.title"), p.T("box.short_answer"), p.T("article.state"), p.T("article.topic"),
		p.T("article.uses"), p.T("article.flagged"), p.T("article.review_due")}, rows)
}

// consultationsCSV is the list of consultations as a file, all pages of it.
func (s *Server) consultationsCSV(c *fiber.Ctx, p page, f store.ConsultationFilter) error {
	f.All = true
	list, _, err := s.Store.Consultations(c.UserContext(), p.Member, f)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	departments, err := s.departmentNames(c)
	if err != nil {
		return err
	}
	topics, err := s.Store.Topics(c.UserContext())
	if err != nil {
		return err
	}
	var rows [][]string
	for _, one := range list {
		rows = append(rows, []string{one.Ref, one.Subject, one.Short, p.Word("consultation_state", one.State), departments[one.DepartmentID],
			strings.Join(topicNames(p, topics, []string{one.TopicID}), ""), names[one.AnsweredBy], s.csvTime(one.ReceivedAt)})
	}
	return s.sendCSV(c, "consultations", []string{p.T("consultation.ref"), p.T("consultation.subject"), p.T("box.short_answer"), p.T("consultation.state"),
		p.T("consultation.department"), p.T("article.topic"), p.T("consultation.answered_by"), p.T("consultation.received")}, rows)
}

// csvTime writes a moment as every spreadsheet reads it.
func (s *Server) csvTime(at team.Stamp) string { return at.In(s.zone).Format("2006-01-02 15:04") }

// settingCSV is the list of a catalogue as a file.
func (s *Server) settingCSV(c *fiber.Ctx, p settingsPage) error {
	var columns []string
	for _, name := range p.Columns {
		columns = append(columns, p.T("settings.field."+name))
	}
	var rows [][]string
	for _, r := range p.Rows {
		rows = append(rows, r.Cells)
	}
	return s.sendCSV(c, p.Noun, columns, rows)
}
