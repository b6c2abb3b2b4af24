package crm

import (
	"embed"
	"net/http"

	"github.com/tenonhq/tenon/infra/local/page"
)

//go:embed pages
var pageFiles embed.FS

// page answers with one of the embedded pages. form-action is left open on purpose:
// browsers apply it to every redirect after a form was sent, and the application
// that asked for consent may send the person on to any origin.
func (p *Provider) page(w http.ResponseWriter, status int, name string, data map[string]any) {
	page.Write(w, status, pageFiles, name, "", data)
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
