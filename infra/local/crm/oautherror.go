package crm

import (
	"encoding/json"
	"errors"
	"net/http"
)

// oauthError is an error answer of RFC 6749, sections 4.1.2.1 and 5.2.
type oauthError struct {
	code   string
	detail string
}

func (e oauthError) Error() string { return e.code + ": " + e.detail }

func invalidGrant(detail string) oauthError {
	return oauthError{code: "invalid_grant", detail: detail}
}

func invalidRequest(detail string) oauthError {
	return oauthError{code: "invalid_request", detail: detail}
}

// writeError answers err. One that is no oauthError is the provider's own
// trouble and says nothing more.
func (p *Provider) writeError(w http.ResponseWriter, err error) {
	var refusal oauthError
	if !errors.As(err, &refusal) {
		refusal = oauthError{code: "server_error", detail: "The demo CRM could not save its state."}
	}
	status := http.StatusBadRequest
	switch refusal.code {
	case "server_error":
		status = http.StatusInternalServerError
	case "invalid_client":
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", `Basic realm="Tenon Demo CRM"`)
	}
	writeJSON(w, status, map[string]string{"error": refusal.code, "error_description": refusal.detail})
}

// writeJSON ignores a failed write: the client has gone and nobody is left to
// be told.
func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
