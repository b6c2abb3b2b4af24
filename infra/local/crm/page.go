package crm

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
)

//go:embed pages
var pageFiles embed.FS

// page renders one of the embedded pages. Nothing but the embedded style sheet
// is allowed in it. form-action is left open on purpose: browsers apply it to
// every redirect after a form was sent, and the application that asked for
// consent may send the person on to any origin.
func (p *Provider) page(w http.ResponseWriter, status int, name string, data map[string]any) {
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
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+
		base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w)
}

func (p *Provider) errorPage(w http.ResponseWriter, status int, message string) {
	p.page(w, status, "error.html", map[string]any{"Message": message})
}

// landing answers GET / with what a developer needs to connect.
func (p *Provider) landing(w http.ResponseWriter, _ *http.Request) {
	p.page(w, http.StatusOK, "landing.html", map[string]any{
		"Base":         p.baseURL,
		"ClientID":     demoClientID,
		"ClientSecret": p.state.DemoSecret,
		"Scope":        joinScopes(supportedScopes()),
		"Origins":      p.options.RedirectOrigins,
		"Callback":     CallbackPrefix,
		"APIKey":       DemoAPIKey,
		"User":         DemoUser,
		"Password":     DemoPassword,
		"Seconds":      p.options.AccessTokenSeconds,
	})
}
