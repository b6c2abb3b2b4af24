package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// troubled answers with one trouble again and again.
type troubled struct {
	answer http.HandlerFunc // Nil for none.
	keys   []string
}

func (s *troubled) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		if text, err := io.ReadAll(req.Body); err != nil || len(text) == 0 {
			return nil, errors.New("the repeated request has no body")
		}
	}
	s.keys = append(s.keys, req.Header.Get("Idempotency-Key"))
	if s.answer == nil {
		return nil, errors.New("connection reset")
	}
	return respond(req, s.answer), nil
}

func problem(status int, code, after string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", after)
		answer(status, "application/problem+json", `{"code":"`+code+`"}`)(w, r)
	}
}

func TestCallIsRepeatedWhereThatIsHarmless(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context, c *client.Client) error {
		_, err := client.Call(ctx, c, routes.ConnectionSummary, api.None{})
		return err
	}
	lease := func(ctx context.Context, c *client.Client) error {
		_, err := client.Call(ctx, c, routes.ConnectionLease, api.LeaseRequest{ConnectionID: "con_1", Purpose: "sync"})
		return err
	}
	create := func(ctx context.Context, c *client.Client) error {
		_, err := client.Call(ctx, c, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: "tpl_1"})
		return err
	}
	put := func(ctx context.Context, c *client.Client) error {
		_, err := client.Call(ctx, c, routes.BindingPut, api.BindingChange{FlowID: "f", Slot: "s", ConnectionID: "con_1"})
		return err
	}
	verify := func(ctx context.Context, c *client.Client) error {
		_, err := client.Call(ctx, c, routes.ConnectionVerify, api.ConnectionRef{ConnectionID: "con_1"})
		return err
	}
	unavailable, gateway := problem(503, "retry_later", ""), answer(502, "text/html", "")
	for name, test := range map[string]struct {
		call   func(context.Context, *client.Client) error
		answer http.HandlerFunc
		tries  int
	}{
		"a read without an answer":              {read, nil, 4},
		"a read in trouble":                     {read, unavailable, 4},
		"a read, by what is in between":         {read, gateway, 4},
		"a read that is limited":                {read, problem(429, "rate_limited", "3"), 4},
		"a read that is refused":                {read, problem(404, "not_found", ""), 1},
		"a read that fails":                     {read, problem(500, "internal", ""), 1},
		"a read of what is no JSON":             {read, answer(200, "text/html", "x"), 1},
		"a read much later":                     {read, problem(503, "retry_later", "300"), 1},
		"a lease without an answer":             {lease, nil, 4},
		"a lease in trouble":                    {lease, unavailable, 4},
		"a creation without an answer":          {create, nil, 4},
		"a creation in trouble":                 {create, unavailable, 4},
		"a creation that is under way":          {create, problem(409, "idempotency_in_progress", "1"), 4},
		"a change without an answer":            {put, nil, 1},
		"a change, by what is in between":       {put, gateway, 1},
		"a change that was not made":            {put, unavailable, 4},
		"what is not idempotent, in trouble":    {verify, unavailable, 1},
		"what is not idempotent, and no answer": {verify, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &troubled{answer: test.answer}
				err := test.call(t.Context(), client.New("https://tenon.example.com", bearer, s))
				if err == nil || strings.Contains(err.Error(), "no body") || len(s.keys) != test.tries {
					t.Errorf("sent %d times (%v), want %d", len(s.keys), err, test.tries)
				}
				for _, key := range s.keys {
					if key != s.keys[0] || (key != "") != strings.HasPrefix(name, "a creation") {
						t.Errorf("got the keys %q, want one for a creation, and the same each time", s.keys)
					}
				}
			})
		})
	}
}

// The pauses double; the service's own word goes before them; and what the context
// leaves no time for is not waited for.
func TestCallWaitsBetweenTries(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after       string
		time        time.Duration
		tries       int
		least, most time.Duration
	}{
		"for a time that doubles":   {"", time.Hour, 4, 875 * time.Millisecond, 1750 * time.Millisecond},
		"for as long as it is told": {"7", time.Hour, 4, 21 * time.Second, 22 * time.Second},
		"not beyond the context":    {"7", 10 * time.Second, 2, 7 * time.Second, 8 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &troubled{answer: problem(503, "retry_later", test.after)}
				ctx, cancel := context.WithTimeout(t.Context(), test.time)
				defer cancel()
				began := time.Now()
				_, err := client.Call(ctx, client.New("https://tenon.example.com", bearer, s), routes.ConnectionSummary, api.None{})
				took := time.Since(began)
				if !client.Has(err, "retry_later") || len(s.keys) != test.tries || took < test.least || took > test.most {
					t.Errorf("sent %d times in %s, %v; want %d in %s to %s", len(s.keys), took, err, test.tries, test.least, test.most)
				}
			})
		})
	}
}

func TestTriesOfOneRepeatsNothing(t *testing.T) {
	t.Parallel()
	s := &troubled{}
	c := client.New("https://tenon.example.com", bearer, s).Tries(1)
	_, err := client.Call(t.Context(), c, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: "tpl_1"})
	if err == nil || len(s.keys) != 1 || s.keys[0] != "" {
		t.Errorf("got %v with keys %q, want one request without a key", err, s.keys)
	}
	_, _ = client.Call(t.Context(), c.Tries(2), routes.ConnectionCreate, api.ConnectionCreate{IdempotencyKey: "mine", TemplateID: "tpl_1"})
	if got := strings.Join(s.keys, ","); got != ",mine,mine" {
		t.Errorf("got the keys %s, want the caller's twice", got)
	}
}
