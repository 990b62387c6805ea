package web

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

// contentPolicy lets a page use our own files and nothing else: no inline script
// or style, no eval, no frames, no other hosts.
var contentPolicy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
	"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'", "manifest-src 'self'",
}, "; ")

// safeHeaders go with every answer.
var safeHeaders = map[string]string{
	fiber.HeaderContentSecurityPolicy: contentPolicy,
	fiber.HeaderXContentTypeOptions:   "nosniff",
	fiber.HeaderXFrameOptions:         "DENY",
	// no-referrer would also take the referrer from our own forms, which some
	// browsers need to tell that a post comes from here.
	fiber.HeaderReferrerPolicy:          "same-origin",
	"Cross-Origin-Opener-Policy":        "same-origin",
	"Cross-Origin-Resource-Policy":      "same-origin",
	"X-Permitted-Cross-Domain-Policies": "none",
	fiber.HeaderPermissionsPolicy:       "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
	fiber.HeaderCacheControl:            "no-store",
}

// headers is middleware that sets the safe headers before anything else runs; an
// asset puts its own caching in place later.
func (l *look) headers(c *fiber.Ctx) error {
	l.setHeaders(c)
	return c.Next()
}

// setHeaders is separate because an error raised before the router (a request
// too large to read) never passes middleware.
func (l *look) setHeaders(c *fiber.Ctx) {
	for name, value := range safeHeaders {
		c.Set(name, value)
	}
	if l.https {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// refuseBrokenText is middleware that answers 400 to an address with a NUL or with
// bytes that are no UTF-8: no person typed it, and PostgreSQL refuses such text.
func refuseBrokenText(c *fiber.Ctx) error {
	whole := utf8.Valid(c.Request().URI().PathOriginal())
	for name, value := range c.Request().URI().QueryArgs().All() {
		whole = whole && utf8.Valid(name) && utf8.Valid(value) && bytes.IndexByte(value, 0) < 0
	}
	if !whole {
		return fiber.ErrBadRequest
	}
	return c.Next()
}

// refuseEncodedBodies is middleware that answers 415 to any packed body. Reading
// one would unpack it without regard to the limit: 200 KB can become 200 MB.
func refuseEncodedBodies(c *fiber.Ctx) error {
	if len(c.Request().Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return fiber.ErrUnsupportedMediaType
	}
	return c.Next()
}
