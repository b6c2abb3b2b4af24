package awscredentials_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/client/awscredentials"
	"github.com/tenonhq/tenon/shared/fault"
)

// tenon answers every lease with the status and what answer returns for the nth.
type tenon struct {
	status int
	answer func(n int) string
	leases int
	body   string // Of the last request.
}

func (s *tenon) Do(r *http.Request) (*http.Response, error) {
	s.leases++
	body, err := io.ReadAll(r.Body)
	s.body = string(body)
	kind := "application/json"
	if s.status != http.StatusOK {
		kind = "application/problem+json"
	}
	return &http.Response{
		StatusCode: s.status, Request: r, Header: http.Header{"Content-Type": {kind}},
		Body: io.NopCloser(strings.NewReader(s.answer(s.leases))),
	}, err
}

func (s *tenon) client() *client.Client {
	token := func(context.Context) (string, error) { return "t", nil }
	return client.New("https://tenon.example.com", token, s)
}

func TestSessionIsKeptUntilShortlyBeforeItsEnd(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		life   time.Duration // Zero: the lease does not say.
		leases int           // In twenty minutes, with a use each second.
	}{
		"of an hour":       {time.Hour, 1},
		"of five minutes":  {5 * time.Minute, 5},
		"without an end":   {0, 4},
		"about to end now": {20 * time.Second, 1200},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &tenon{status: http.StatusOK}
				s.answer = func(n int) string {
					end := ""
					if test.life > 0 {
						end = `,"expiresAt":"` + time.Now().Add(test.life).UTC().Format(time.RFC3339) + `"`
					}
					return fmt.Sprintf(`{"values":{"accessKeyId":"id%d","secretAccessKey":"canary","sessionToken":"s"}%s}`, n, end)
				}
				credentials := awscredentials.New(s.client(), "con_1", "read the bucket")
				for range 20 * 60 {
					got, err := credentials.Retrieve(t.Context())
					if err != nil || got.AccessKeyID != fmt.Sprintf("id%d", s.leases) || got.SecretAccessKey != "canary" || got.SessionToken != "s" {
						t.Fatalf("got %s after %d leases, %v", got.AccessKeyID, s.leases, err)
					}
					time.Sleep(time.Second)
				}
				if s.leases != test.leases {
					t.Errorf("got %d leases, want %d", s.leases, test.leases)
				}
				if want := `{"minimumLifetimeSeconds":60,"purpose":"read the bucket"}`; s.body != want {
					t.Errorf("asked for %s, want %s", s.body, want)
				}
			})
		})
	}
}

func TestWhatIsNoSessionIsAnError(t *testing.T) {
	t.Parallel()
	for name, lease := range map[string]string{
		"headers":             `{"headers":{"X-Api-Key":"canary"}}`,
		"login of a database": `{"values":{"username":"u","password":"canary"}}`,
	} {
		s := &tenon{status: http.StatusOK, answer: func(int) string { return lease }}
		_, err := awscredentials.New(s.client(), "con_1", "read").Retrieve(t.Context())
		if err == nil || !strings.HasSuffix(err.Error(), "connection con_1 is not of an AWS account") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestProblemOfALeaseIsTheCallers(t *testing.T) {
	t.Parallel()
	s := &tenon{status: http.StatusConflict, answer: func(int) string { return `{"code":"reauth_required","remedy":"reconnect"}` }}
	_, err := awscredentials.New(s.client(), "con_1", "read").Retrieve(t.Context())
	if !client.Has(err, fault.CodeReauthRequired) {
		t.Errorf("got %v", err)
	}
	var p *client.Problem
	if !errors.As(err, &p) || p.Remedy != "reconnect" {
		t.Errorf("got %v", err)
	}
}
