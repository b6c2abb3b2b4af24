package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/tenonhq/tenon/shared/auth"
)

// answerLimit is what an answer may hold that is not the API's.
const answerLimit = 1 << 20

// token returns a source of tokens of the tenant with every scope, from the
// issuer of the dev environment.
func (d *demo) token(tenant string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		ask, err := json.Marshal(map[string]any{"tenant": tenant, "subject": "demo", "scopes": auth.Scopes()})
		if err != nil {
			return "", err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL+"/dev/token", bytes.NewReader(ask))
		if err != nil {
			return "", err
		}
		text, err := d.fetch(req)
		if err != nil {
			return "", err
		}
		var answer struct {
			Token string `json:"token"`
		}
		if err := json.Unmarshal(text, &answer); err != nil || answer.Token == "" {
			return "", errors.New("the dev issuer answered without a token")
		}
		return answer.Token, nil
	}
}

var (
	clientSecret  = regexp.MustCompile(`<code id="client-secret">([^<]+)</code>`)
	tokenEndpoint = regexp.MustCompile(`<code>([^<]+)/oauth/token</code>`)
)

// readClient takes the secret of the OAuth client, and the one address the demo
// CRM answers for, from its landing page, as a developer would.
func (d *demo) readClient(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL+"/dev/crm/", nil)
	if err != nil {
		return "", err
	}
	text, err := d.fetch(req)
	if err != nil {
		return "", err
	}
	d.secret, d.crm = first(clientSecret, string(text)), first(tokenEndpoint, string(text))
	if d.secret == "" || d.crm == "" {
		return "", errors.New("the landing page of the demo CRM shows no client")
	}
	return "the demo CRM at " + d.crm + " knows us as " + crmClient + ", secret " + shortened(d.secret), nil
}

// fetch returns the body of a successful answer.
func (d *demo) fetch(req *http.Request) ([]byte, error) {
	status, text, err := d.exchange(req)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s answered %d", req.URL.Path, status)
	}
	return text, err
}

// exchange sends a request that is not the API's.
func (d *demo) exchange(req *http.Request) (status int, text []byte, err error) {
	res, err := d.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err = io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return 0, nil, fmt.Errorf("read %s: %w", req.URL.Path, err)
	}
	return res.StatusCode, text, nil
}

// shortened shows the end of a secret, behind its scheme if it has one.
func shortened(value string) string {
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok {
		scheme, rest = "", value
	} else {
		scheme += " "
	}
	return scheme + "…" + rest[max(0, len(rest)-4):]
}
