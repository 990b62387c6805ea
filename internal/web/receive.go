package web

import (
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sheet"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// What the route of imports takes: the files and the form around
// them, for as long as a slow line needs.
const (
	maxUpload     = sheet.MaxFile + maxBody
	uploadTimeout = 5 * time.Minute
)

// admitUploads lets those who may send files to the addresses that take them. It
// decides as soon as the head of a request is there: from anybody else, and everywhere
// else, a body larger than maxBody is refused before it is read.
func (s *Server) admitUploads(app *fiber.App) { app.Server().HeaderReceived = s.uploadConfig }

// upload is a form with files.
type upload struct {
	fields url.Values
	files  []team.ImportFile
}

// readUpload takes a form with files apart. Anything else is an empty form.
func readUpload(c *fiber.Ctx) (u upload, err error) {
	u.fields = url.Values{}
	form, err := c.MultipartForm()
	if err != nil {
		return u, nil // the form without files, or none
	}
	for name, values := range form.Value {
		for _, v := range values {
			u.fields.Add(name, strings.ToValidUTF8(v, "\uFFFD"))
		}
	}
	for _, head := range form.File["files"] {
		f, err := head.Open()
		if err != nil {
			return u, err
		}
		content, err := io.ReadAll(f)
		f.Close()
		if err != nil {
			return u, err
		}
		u.files = append(u.files, team.ImportFile{Name: text.Snippet(text.Clean(head.Filename), 150), Content: content})
	}
	return u, nil
}
