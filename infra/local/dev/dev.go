// Package dev runs the whole product on one machine in one process: a local
// AWS with the resources of the committed templates, the built functions behind
// an HTTP API, a token issuer and a demo OAuth provider. It needs the Go
// toolchain and nothing else.
//
// It composes the other packages below infra/local and may import nothing else
// of ours but the names of environment variables.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/tenonhq/tenon/infra/local/crm"
	"github.com/tenonhq/tenon/infra/local/issuer"
)

// PortVariable is the environment variable that chooses the port.
const PortVariable = "TENON_DEV_PORT"

// Config says where things are. Only Out and Port have no default.
type Config struct {
	// Root is the module's directory; empty means the current one.
	Root string
	// State is the directory that survives restarts, below Root unless
	// absolute; empty means .tenon.
	State string
	// Templates is the directory of the synthesized templates, below Root
	// unless absolute; empty means infra/templates.
	Templates string
	// Port is the TCP port on 127.0.0.1.
	Port int
	// Processes is the most processes one function may have; 0 means 4.
	Processes int
	// Endpoint is the address of an AWS that runs already (LocalStack, moto);
	// empty starts the embedded one.
	Endpoint string
	// TokenSeconds is how long an access token of the demo CRM lives; 0 means 60.
	TokenSeconds int
	// CORSOrigins are the origins of pages that may call the API, compared
	// exactly; "*" is every origin, none turns CORS off.
	CORSOrigins []string
	// Ready runs once the API answers, before that is announced. Its error is
	// shown and ends nothing.
	Ready func(context.Context) error
	// Binaries is a directory of functions that are built already; empty builds
	// them.
	Binaries string
	// Watch rebuilds the functions when their sources change.
	Watch bool
	// Out receives progress and the functions' logs.
	Out io.Writer
}

func (c *Config) setDefaults() error {
	root, err := filepath.Abs(c.Root)
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	c.Root = root
	for _, dir := range []struct {
		path     *string
		fallback string
	}{{&c.State, ".tenon"}, {&c.Templates, filepath.Join("infra", "templates")}} {
		if *dir.path == "" {
			*dir.path = dir.fallback
		}
		if !filepath.IsAbs(*dir.path) {
			*dir.path = filepath.Join(root, *dir.path)
		}
	}
	if c.Processes == 0 {
		c.Processes = 4
	}
	c.Out = &lockedWriter{out: c.Out}
	return nil
}

// publicURL is the origin of everything served.
func (c *Config) publicURL() string { return fmt.Sprintf("http://127.0.0.1:%d", c.Port) }

// issuerURL is the identifier of the local issuer.
func (c *Config) issuerURL() string { return c.publicURL() + "/dev/issuer" }

// Run starts the environment and serves until ctx ends; then it stops every
// process it started, saves the state and returns nil. Any error is fit to be
// shown to a developer as it is.
func Run(ctx context.Context, cfg Config) (err error) {
	started := time.Now()
	if err := cfg.setDefaults(); err != nil {
		return err
	}
	if err := requireSources(cfg.Root); err != nil {
		return err
	}
	listener, err := listen(cfg.Port)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // The server closes it first.
	sources := fingerprint(cfg.Root)
	functions := builder{root: cfg.Root, out: cfg.Out}
	if cfg.Binaries == "" {
		if err := functions.build(ctx); err != nil {
			return unlessEnded(ctx, err)
		}
		cfg.Binaries = functions.dir()
	}
	s, err := start(ctx, cfg, cfg.Binaries)
	if err != nil {
		return unlessEnded(ctx, err)
	}
	defer func() { err = errors.Join(err, s.stop()) }()

	server := &http.Server{Handler: s.surface.handler(), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
	s.background.Go(func() {
		if err := s.aws.run(s.ctx); err != nil {
			failed <- fmt.Errorf("local AWS: %w", err)
		}
	})
	s.background.Go(func() { announce(s.ctx, cfg, started) })
	if cfg.Watch {
		s.background.Go(func() { functions.watch(s.ctx, time.Second, sources) })
	}
	select {
	case err := <-failed:
		return errors.Join(err, server.Close())
	case <-ctx.Done():
	}
	_, _ = fmt.Fprintln(cfg.Out, "stopping")
	drained, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(drained); err != nil {
		_ = server.Close() // Somebody holds a request open; do not wait.
	}
	return nil
}

// openDev opens the issuer and the demo provider.
func openDev(cfg Config) (*issuer.Issuer, *crm.Provider, error) {
	if err := os.MkdirAll(cfg.State, 0o700); err != nil {
		return nil, nil, fmt.Errorf("state directory: %w", err)
	}
	tokens, err := issuer.Open(filepath.Join(cfg.State, "issuer"), cfg.issuerURL(), time.Now)
	if err != nil {
		return nil, nil, err
	}
	provider, err := crm.Open(filepath.Join(cfg.State, "crm"), cfg.publicURL()+"/dev/crm", time.Now, crm.Options{
		AccessTokenSeconds: cfg.TokenSeconds,
		RedirectOrigins:    []string{cfg.publicURL(), fmt.Sprintf("http://localhost:%d", cfg.Port)},
	})
	return tokens, provider, err
}

// unlessEnded is nil when ctx was ended on purpose, whatever that broke.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
