package web

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/auth"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// errorPage is the model of errors/error.html and errors/_error.html.
type errorPage struct {
	page
	Code   int
	Number string // request id, for faults only
}

// Heading says what happened.
func (p errorPage) Heading() string { return p.sentence("title") }

// Kept says what is still there.
func (p errorPage) Kept() string { return p.sentence("kept") }

// Todo says what to do now.
func (p errorPage) Todo() string { return p.sentence("todo") }

func (p errorPage) sentence(about string) string {
	return p.T("error." + strconv.Itoa(p.Code) + "." + about)
}

// explained are the codes that have sentences of their own.
var explained = map[int]bool{400: true, 401: true, 404: true, 405: true, 409: true, 413: true, 415: true, 408: true, 422: true, 429: true, 431: true,
	500: true, 503: true, 507: true}

// showError turns every error of a handler into a page, or into a part for htmx.
// It is fiber's ErrorHandler and the one place where faults are logged. Nobody
// ever sees the text of an error.
func (l *look) showError(c *fiber.Ctx, err error) error {
	l.setHeaders(c)
	p := errorPage{page: l.page(c), Code: errorCode(err)}
	if p.Code >= fiber.StatusInternalServerError {
		p.Number = requestID(c)
		slog.Error("request failed", "request_id", p.Number, "method", c.Method(), "route", c.Route().Path, "status", p.Code, "error", err)
	}
	p.Title = p.Heading()
	c.Status(p.Code)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	shown := error(nil)
	if isHTMX(c) {
		// Wherever the answer was meant to go, an error belongs where all pages say things.
		c.Set("HX-Retarget", "#notice")
		c.Set("HX-Reswap", "innerHTML")
		shown = c.Render("errors/_error", p)
	} else {
		shown = c.Render("errors/error", p, "layouts/plain")
	}
	if shown != nil {
		slog.Error("error page failed", "request_id", requestID(c), "error", shown)
		return c.SendString(http.StatusText(p.Code))
	}
	return nil
}

// errorCode is the status for an error. Refused and missing look alike: who may
// not see a thing must not learn that it exists.
func errorCode(err error) int {
	var invalid team.Invalid
	var known *fiber.Error
	switch {
	case errors.Is(err, team.ErrNotFound), errors.Is(err, team.ErrForbidden):
		return fiber.StatusNotFound
	case errors.Is(err, team.ErrStale), errors.Is(err, team.ErrTooLate), errors.Is(err, team.ErrNotEmpty):
		return fiber.StatusConflict
	case errors.As(err, &invalid):
		return fiber.StatusUnprocessableEntity
	case errors.Is(err, store.ErrFull):
		return fiber.StatusInsufficientStorage
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, auth.ErrBusy), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fiber.StatusServiceUnavailable
	case errors.As(err, &known):
		return knownCode(known.Code)
	}
	return fiber.StatusInternalServerError
}

func knownCode(code int) int {
	switch {
	case code == fiber.StatusForbidden:
		return fiber.StatusNotFound
	case explained[code]:
		return code
	case code >= 400 && code < 500:
		return fiber.StatusBadRequest
	}
	return fiber.StatusInternalServerError
}

// isHTMX tells whether a part is wanted and not a page. A history restore wants
// the whole page.
func isHTMX(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-History-Restore-Request") != "true"
}

// requestID returns the number of this request; people read it to whoever looks
// after the program.
func requestID(c *fiber.Ctx) string {
	if id, ok := c.Locals(localRequestID).(string); ok {
		return id
	}
	id := rand.Text()[:10]
	c.Locals(localRequestID, id)
	return id
}
