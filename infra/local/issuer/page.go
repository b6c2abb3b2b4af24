package issuer

import (
	"embed"
	"net/http"
	"strings"

	"github.com/tenonhq/tenon/infra/local/page"
)

//go:embed pages
var pageFiles embed.FS

// page answers with one of the embedded pages. Browsers apply form-action to
// redirects as well, so it names every origin of the console.
func (i *Issuer) page(w http.ResponseWriter, status int, name string, data map[string]any) {
	page.Write(w, status, pageFiles, name, "form-action "+strings.Join(i.origins, " "), data)
}

// notice shows one sentence.
func (i *Issuer) notice(w http.ResponseWriter, status int, text string) {
	i.page(w, status, "notice.html", map[string]any{"Text": text, "Failed": status != http.StatusOK, "Console": i.origin + "/console"})
}
