// Package views holds what pages are made of: templates by noun, the layouts
// around them, parts (files that start with _), icons, and the assets that a
// browser loads. Everything is inside the program; nothing comes from elsewhere.
package views

import "embed"

// FS holds the whole folder. Files that start with _ are named, because a folder
// alone would leave them out.
//
//go:embed all:*
var FS embed.FS
