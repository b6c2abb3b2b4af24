package issuer

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
)

//go:embed pages
var pageFiles embed.FS

// page renders one of the embedded pages, which have no script. Browsers apply
// form-action to redirects as well, so it names every origin of the console.
func (i *Issuer) page(w http.ResponseWriter, status int, name string, data map[string]any) {
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		http.Error(w, "The style sheet is missing.", http.StatusInternalServerError)
		return
	}
	pages, err := template.ParseFS(pageFiles, "pages/*.html")
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
	header := w.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; form-action "+strings.Join(i.origins, " ")+"; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w)
}

// notice shows one sentence.
func (i *Issuer) notice(w http.ResponseWriter, status int, text string) {
	i.page(w, status, "notice.html", map[string]any{"Text": text, "Failed": status != http.StatusOK, "Console": i.origin + "/console"})
}
