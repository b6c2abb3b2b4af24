// Package demo walks through the life of one connection in a running dev
// environment, as an integration product would: onboard a tenant, connect an
// account through the pages a person sees, lease and use a token until it was
// refreshed, and disconnect. It depends on the typed client, the route table
// and the wire types only; it sees what any caller of the API sees.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
)

// Config says where the environment is.
type Config struct {
	URL  string // Origin of the dev environment, such as http://127.0.0.1:8787.
	Keep bool   // Leave the connection connected.

	// Now and Sleep are the clock; nil means the machine's.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// demo is what the steps hand on to one another.
type demo struct {
	Config
	out  io.Writer
	http *http.Client

	name         string // Of the tenant.
	organization *client.Client
	tenant       *client.Client
	crm          string // Base URL of the demo CRM.
	secret       string // Of our OAuth client there.
	template     api.Template
	connection   api.Connection
	startURL     string
	lease        api.Lease
}

// step is one line of the walk. run returns what to print.
type step struct {
	name string
	run  func(context.Context) (string, error)
}

// Run makes the walk and prints one line for each step. It stops at the first
// that fails and returns its error, whose text is fit for a developer.
func Run(ctx context.Context, cfg Config, out io.Writer) error {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	cfg.URL = strings.TrimSuffix(cfg.URL, "/")
	d := &demo{
		Config: cfg, out: out, name: "demo-" + strings.ToLower(rand.Text()[:8]),
		// A redirect is an answer: the walk follows it with its own cookies.
		http: &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	d.organization = client.New(cfg.URL, d.token(auth.Organization), d.http)
	d.tenant = client.New(cfg.URL, d.token(d.name), d.http)
	for _, s := range d.steps() {
		line, err := s.run(ctx)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return fmt.Errorf("nothing runs at %s; start it with: make dev", cfg.URL)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if _, err := fmt.Fprintf(out, "%-10s  %s\n", s.name, line); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) steps() []step {
	steps := []step{
		{"tenant", d.createTenant},
		{"client", d.readClient},
		{"template", d.createTemplate},
		{"connection", d.createConnection},
		{"authorize", d.authorize},
		{"consent", d.consent},
		{"lease", d.leaseToken},
		{"call", d.callCRM},
		{"wait", d.wait},
		{"lease", d.leaseAgain},
		{"call", d.callCRM},
		{"status", d.status},
		{"audit", d.audit},
	}
	if d.Keep {
		return steps
	}
	return append(steps, step{"disconnect", d.disconnect}, step{"call", d.callRefused}, step{"clean up", d.deleteTemplate})
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
