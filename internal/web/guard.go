package web

import (
	"bytes"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// guard stands before fiber. It answers with pages of ours what fiber would answer
// itself before any header is set (a method that HTTP does not have), and ends a
// connection on which a proxy could read a request in another way than we do.
func (l *look) guard(app *fiber.App) {
	inner := app.Handler()
	app.Server().Handler = func(request *fasthttp.RequestCtx) {
		var refused error
		switch {
		case !oneReading(&request.Request.Header):
			refused = fiber.ErrBadRequest
			request.SetConnectionClose()
		case !slices.Contains(app.Config().RequestMethods, string(request.Method())):
			refused = fiber.ErrMethodNotAllowed
		default:
			inner(request)
			return
		}
		request.Request.SetRequestURI("/") // the page would say where to come back to
		c := app.AcquireCtx(request)
		defer app.ReleaseCtx(c)
		_ = l.showError(c, refused) // it has no error of its own
	}
}

// oneReading tells whether the head of a request can be read in one way only: a
// version we speak, lines that end as they must, and none that goes on in the next.
func oneReading(h *fasthttp.RequestHeader) bool {
	if version := string(h.Protocol()); version != "HTTP/1.1" && version != "HTTP/1.0" {
		return false
	}
	raw := h.RawHeaders()
	return bytes.Count(raw, []byte("\n")) == bytes.Count(raw, []byte("\r\n")) &&
		!bytes.Contains(raw, []byte("\n ")) && !bytes.Contains(raw, []byte("\n\t"))
}
