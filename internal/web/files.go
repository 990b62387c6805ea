package web

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// evidencePaths are the addresses that a piece of evidence is sent to.
var evidencePaths = regexp.MustCompile(`^/(certificates|trainings)/[A-Z0-9]{1,40}/files$`)

// maxEvidence is the file and the form around it.
const maxEvidence = team.MaxFile + 64<<10

// takesFiles tells whether an address takes a form with files.
func takesFiles(path string) bool { return path == uploadPath || evidencePaths.MatchString(path) }

// uploadLimit says how much one person may send to an address in one body.
func uploadLimit(path string, by team.Member) int {
	switch {
	case path == uploadPath && team.CanManage(by):
		return maxUpload
	case evidencePaths.MatchString(path) && team.CanWrite(by):
		return maxEvidence
	}
	return maxBody
}

// uploadConfig decides, when the head of a request is there, how much of its body is
// read.
func (s *Server) uploadConfig(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path := string(h.RequestURI())
	if string(h.Method()) != fiber.MethodPost || !takesFiles(path) || h.ContentLength() <= maxBody {
		return fasthttp.RequestConfig{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	by, err := s.Store.SessionMember(ctx, string(h.Cookie(s.cookieName())))
	if err != nil || uploadLimit(path, by) == maxBody {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: uploadLimit(path, by), ReadTimeout: uploadTimeout}
}

// readEvidence takes one file and the key of the form out of a form with files. Without
// one, its content is empty.
func readEvidence(c *fiber.Ctx) (f team.File, key string, err error) {
	form, err := c.MultipartForm()
	if err != nil || len(form.File["file"]) == 0 {
		return f, "", nil // the form without a file, or none
	}
	key = first(form.Value["key"])
	head := form.File["file"][0]
	f.Name = text.Snippet(text.Clean(head.Filename), 150)
	open, err := head.Open()
	if err != nil {
		return f, key, err
	}
	defer open.Close()
	f.Content, err = io.ReadAll(io.LimitReader(open, team.MaxFile+1))
	return f, key, err
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// filePolicy lets a file do nothing at all, wherever a browser opens it: what a page of
// ours may not do, and no scripts, forms or origin either.
var filePolicy = contentPolicy + "; sandbox"

var fileTypes = map[team.FileKind]string{team.FilePDF: "application/pdf", team.FilePNG: "image/png", team.FileJPEG: "image/jpeg"}

// sendFile hands evidence over as a download: no browser shows it as a page of ours.
func (s *Server) sendFile(c *fiber.Ctx) error {
	f, err := s.Store.File(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	kind := fileTypes[f.Kind]
	if kind == "" {
		kind = fiber.MIMEOctetStream
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, disposition(f.Name))
	c.Set(fiber.HeaderContentSecurityPolicy, filePolicy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(f.Content)
}

// disposition names a download. What is not ASCII stands in the form that browsers
// read, beside a plain name.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\;%`, r) {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf("%s; filename*=UTF-8''%s", mime.FormatMediaType("attachment", map[string]string{"filename": plain}), url.PathEscape(name))
}

func (s *Server) removeFile(c *fiber.Ctx) error {
	f, err := s.Store.File(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Store.RemoveFile(c.UserContext(), member(c), f.ID); err != nil {
		return err
	}
	return c.Redirect(backOf(f, body(c).Get("back")), fiber.StatusSeeOther)
}

// backOf is the page that a file belongs to.
func backOf(f team.File, back string) string {
	switch f.About {
	case team.AboutCertificate:
		return "/certificates/" + f.AboutID
	case team.AboutTraining:
		return "/trainings/" + f.AboutID
	}
	if backToCertificate.MatchString(back) {
		return back
	}
	return "/certificates"
}

var backToCertificate = regexp.MustCompile(`^/certificates/[A-Z0-9]{1,40}$`)
