// Package page answers browsers with the pages of the servers of a local
// environment: embedded templates without script, with one style sheet. It depends
// on the standard library only.
package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"io/fs"
	"net/http"
)

// Write answers with the template of that name. The templates are pages/*.html of
// files, and get the style sheet pages/style.css as .Style beside the data. Nothing
// but that is allowed in the page, except what allowed adds to its policy:
// "form-action https://app.example".
func Write(w http.ResponseWriter, status int, files fs.FS, name, allowed string, data map[string]any) {
	style, err := fs.ReadFile(files, "pages/style.css")
	if err != nil {
		http.Error(w, "The style sheet is missing.", http.StatusInternalServerError)
		return
	}
	pages, err := template.ParseFS(files, "pages/*.html")
	if err != nil {
		http.Error(w, "The page cannot be read.", http.StatusInternalServerError)
		return
	}
	data["Style"] = template.CSS(style)
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, name, data); err != nil {
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(style)
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; frame-ancestors 'none'"
	if allowed != "" {
		policy += "; " + allowed
	}
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w)
}
