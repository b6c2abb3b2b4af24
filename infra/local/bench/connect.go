package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

const (
	tenant      = "bench"
	answerLimit = 1 << 20
)

// as returns a client of the lane with every scope in a tenant.
func (l *lane) as(ctx context.Context, tenant string) (*client.Client, error) {
	ask, err := json.Marshal(map[string]any{"tenant": tenant, "subject": "ann", "scopes": auth.Scopes()})
	if err != nil {
		return nil, fmt.Errorf("ask for a token: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.base+"/dev/token", bytes.NewReader(ask))
	if err != nil {
		return nil, fmt.Errorf("ask for a token: %w", err)
	}
	text, err := fetch(l.http, r)
	if err != nil {
		return nil, fmt.Errorf("ask for a token: %w", err)
	}
	var minted struct{ Token string }
	if err := json.Unmarshal(text, &minted); err != nil || minted.Token == "" {
		return nil, errors.New("the issuer answered without a token")
	}
	return client.New(l.base, func(context.Context) (string, error) { return minted.Token, nil }, l.http).Tries(1), nil
}

// fetch returns the body of an answer that must have status 200.
func fetch(c *http.Client, r *http.Request) ([]byte, error) {
	res, err := c.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %d", res.Request.URL.Path, res.StatusCode)
	}
	return text, err
}

// newTemplate makes the organization's template for a client of the provider.
func (e *environment) newTemplate(ctx context.Context, organization *client.Client, clientID string) (string, error) {
	made, err := client.Call(ctx, organization, routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "oauth2_authorization_code", Name: clientID, StableKey: clientID,
		ClientID: clientID, ClientSecret: secret.FromString("bench-client-secret"), Scopes: []string{"read"},
		Inputs: map[string]string{
			"baseUrl": e.providers + "/api", "verifyPath": "me",
			"authorizeUrl": e.providers + "/authorize", "tokenUrl": e.providers + "/token",
		},
	})
	return made.ID, err
}

// connect makes connections of a template, a few at a time, each with a handoff
// of its own.
func (e *environment) connect(ctx context.Context, l *lane, template string, count int) ([]string, error) {
	ids, errs, done := make([]string, count), make([]error, count), 0
	var mu sync.Mutex
	told := time.Now()
	crowd(l.processes, count, func(i int) outcome {
		ids[i], errs[i] = connectOne(ctx, l.client, template)
		mu.Lock()
		defer mu.Unlock()
		if done++; done == count || time.Since(told) > 3*time.Second {
			told = time.Now()
			e.progress.printf("connected %d of %d", done, count)
		}
		return outcome{}
	})
	return ids, errors.Join(errs...)
}

func connectOne(ctx context.Context, c *client.Client, template string) (string, error) {
	made, err := client.Call(ctx, c, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template, Name: "bench"})
	if err != nil {
		return "", err
	}
	handoff, err := client.Call(ctx, c, routes.ConnectionAuthorize, api.Authorize{ConnectionID: made.ID})
	if err != nil {
		return "", err
	}
	return made.ID, walk(ctx, handoff.StartURL)
}

var formField = regexp.MustCompile(`type="hidden" name="form" value="([^"]*)"`)

// walk goes through a handoff as a person's browser does.
func walk(ctx context.Context, start string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return fmt.Errorf("browser: %w", err)
	}
	browser := &http.Client{Jar: jar}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, start, nil)
	if err != nil {
		return errors.New("the handoff has no address")
	}
	page, err := fetch(browser, r)
	if err != nil {
		return fmt.Errorf("open the handoff: %w", err)
	}
	m := formField.FindSubmatch(page)
	if m == nil {
		return errors.New("the page of the handoff has no form")
	}
	form := url.Values{"form": {html.UnescapeString(string(m[1]))}}.Encode()
	address, _, _ := strings.Cut(start, "?")
	if r, err = http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form)); err != nil {
		return errors.New("the handoff has no address")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if page, err = fetch(browser, r); err != nil {
		return fmt.Errorf("walk the handoff: %w", err)
	}
	if !bytes.Contains(page, []byte("The account is connected")) {
		return errors.New("the handoff did not connect the account")
	}
	return nil
}
