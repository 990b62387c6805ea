// Package views holds what pages are made of: templates by noun, the layouts
// around them, parts (files that start with _), icons, and the assets that a
// browser loads. Everything is inside the program; nothing comes from elsewhere.
package views

import "embed"

// FS holds every template, icon and asset. A pattern that matches files takes those
// that start with _ too; one that names a folder would leave them out.
//
//go:embed */*.html icons/*.svg assets/* assets/licenses/*
var FS embed.FS
