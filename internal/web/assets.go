package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"

	"github.com/gofiber/fiber/v2"

	"tasuki/views"
)

// assetTypes are the kinds of files that are served; others in the folder are not.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// asset is a file in memory, plain and packed.
type asset struct {
	kind    string
	version string // first 16 hex digits of its SHA-256
	body    []byte
	packed  []byte
}

// assets are all files that browsers load, by name.
type assets map[string]asset

// loadAssets reads views/assets. Files are looked up by name and never by a path
// from the request, so there is nothing to climb out of.
func loadAssets() (assets, error) {
	entries, err := fs.ReadDir(views.FS, "assets")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	all := assets{}
	for _, e := range entries {
		kind := assetTypes[path.Ext(e.Name())]
		if kind == "" {
			continue
		}
		body, err := fs.ReadFile(views.FS, "assets/"+e.Name())
		if err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
		packed, err := pack(body)
		if err != nil {
			return nil, fmt.Errorf("assets: pack %s: %w", e.Name(), err)
		}
		sum := sha256.Sum256(body)
		all[e.Name()] = asset{kind: kind, version: hex.EncodeToString(sum[:8]), body: body, packed: packed}
	}
	return all, nil
}

func pack(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// address returns where a browser finds a file.
func (a assets) address(name string) string { return "/assets/" + name + "?v=" + a[name].version }

// serve answers /assets/:name. An address with the version of the content may be
// kept for ever; any other has to be asked for again.
func (a assets) serve(c *fiber.Ctx) error {
	file, ok := a[c.Params("name")]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.kind)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if c.Query("v") == file.version {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	// Fiber takes a missing header for "anything".
	if c.Get(fiber.HeaderAcceptEncoding) != "" && c.AcceptsEncodings("gzip") == "gzip" {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.packed)
	}
	return c.Send(file.body)
}
