package issuer

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

const maxMintBody = 16 << 10

// mintRequest is the body of POST /dev/token.
type mintRequest struct {
	Tenant          string   `json:"tenant"`
	Subject         string   `json:"subject"`
	Scopes          []string `json:"scopes"`
	LifetimeSeconds int64    `json:"lifetimeSeconds"`
}

// Mint answers POST /dev/token: the body {"tenant", "subject", "scopes",
// "lifetimeSeconds" (optional)} becomes {"token", "expiresAt"}. Anything else
// is refused with a problem document (RFC 9457). A request from a web page of
// another origin is refused, so that no site a developer visits can mint one.
func (i *Issuer) Mint(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "Use POST.")
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != i.origin {
		refuse(w, http.StatusForbidden, "A page of another origin may not ask for a token.")
		return
	}
	request, err := decodeMint(http.MaxBytesReader(w, r.Body, maxMintBody))
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	token, expiry, err := i.sign(Claims{
		Tenant:   request.Tenant,
		Subject:  request.Subject,
		Scopes:   request.Scopes,
		Lifetime: time.Duration(request.LifetimeSeconds) * time.Second,
	})
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	writeJSON(w, "application/json", http.StatusOK, map[string]string{
		"token":     token,
		"expiresAt": expiry.UTC().Format(time.RFC3339),
	})
}

func decodeMint(body io.Reader) (mintRequest, error) {
	var request mintRequest
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		return request, errors.New(`the body must be {"tenant", "subject", "scopes", "lifetimeSeconds"}`)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return request, errors.New("the body must be one JSON object")
	}
	maxSeconds := int64(MaxLifetime / time.Second)
	if request.LifetimeSeconds < 0 || request.LifetimeSeconds > maxSeconds {
		return request, errors.New("lifetimeSeconds must be between 0 and 2592000")
	}
	return request, nil
}

func refuse(w http.ResponseWriter, status int, detail string) {
	writeJSON(w, "application/problem+json", status, map[string]any{
		"type":   "about:blank",
		"title":  http.StatusText(status),
		"status": status,
		"detail": detail,
	})
}
