// Package smoke runs the main job against a deployed stage and cleans up after
// itself: a key is connected, leased, rotated and ended. It needs no system of
// anyone else's. It depends on the typed client, the route table, the wire types
// and golang.org/x/oauth2; it sees what any caller of the API sees.
package smoke

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
)

// Config says what to run against.
type Config struct {
	URL    string                                // Origin of the stage, such as https://tenon.example.com.
	System string                                // Address that answers a GET with 2xx, for keys to be verified at; the stage's own when empty.
	Token  func(context.Context) (string, error) // Of the tenant org, with every scope but flows and settings.
	HTTP   *http.Client
	Wait   time.Duration // How long what settles later may take, such as the audit.

	// Now and Sleep are the clock; nil means the machine's.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Result is one step as it ended.
type Result struct {
	Step    string  `json:"step"`
	Passed  bool    `json:"passed"`
	Detail  string  `json:"detail"` // One sentence, without a secret.
	Seconds float64 `json:"seconds"`
}

// smoke is what the steps hand on to one another.
type smoke struct {
	Config
	organization *client.Client
	tenant       *client.Client
	first        string // Keys, made for this run.
	second       string
	template     api.Template
	connection   api.Connection
	made         bool // There may be something to clean up.
}

// errFailed is the error of a run whose steps say what is wrong.
var errFailed = errors.New("the stage does not do what it should")

// Run makes the run and reports each step when it has ended. After the first that
// fails it only cleans up. What stays between runs is the tenant smoke.
func Run(ctx context.Context, cfg Config, report func(Result)) error {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	cfg.URL = strings.TrimSuffix(cfg.URL, "/")
	s := &smoke{Config: cfg, first: "smoke-first-" + rand.Text(), second: "smoke-second-" + rand.Text()}
	s.organization = client.New(cfg.URL, cfg.Token, cfg.HTTP)
	s.tenant = s.organization.For(tenantID)
	failed := !s.all(ctx, s.steps(), report)
	if s.made {
		// Whoever interrupts the run still wants it cleaned up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		failed = !s.all(ctx, []step{{"clean up", s.clean}}, report) || failed
	}
	if failed {
		return errFailed
	}
	return nil
}

type step struct {
	name string
	run  func(context.Context) (string, error)
}

func (s *smoke) steps() []step {
	return []step{
		{"health", s.health},
		{"version", s.version},
		{"no token", s.noToken},
		{"tenant", s.createTenant},
		{"left over", s.clean}, // By a run that was killed.
		{"connector", s.putConnector},
		{"template", s.createTemplate},
		{"connect", s.connect},
		{"active", s.active},
		{"lease", func(ctx context.Context) (string, error) { return s.lease(ctx, s.first) }},
		{"stage a key", s.stage},
		{"promote it", s.promote},
		{"lease it", func(ctx context.Context) (string, error) { return s.lease(ctx, s.second) }},
		{"isolation", s.isolation},
		{"expirations", s.expirations},
		{"audit", s.audit},
		{"disable", s.disable},
		{"delete", s.delete},
	}
}

// all runs the steps to the first that fails, and reports whether all passed.
func (s *smoke) all(ctx context.Context, steps []step, report func(Result)) bool {
	for _, st := range steps {
		begun := s.Now()
		detail, err := st.run(ctx)
		if err != nil {
			detail = err.Error()
		}
		report(Result{Step: st.name, Passed: err == nil, Detail: detail, Seconds: s.Now().Sub(begun).Seconds()})
		if err != nil {
			return false
		}
	}
	return true
}

// until repeats what has not settled yet, until it has or Wait is over.
func (s *smoke) until(ctx context.Context, settled func(context.Context) (bool, error)) error {
	end := s.Now().Add(s.Wait)
	for {
		ok, err := settled(ctx)
		if ok || err != nil {
			return err
		}
		if s.Now().After(end) {
			return fmt.Errorf("not within %s", s.Wait)
		}
		if err := s.Sleep(ctx, time.Second); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
