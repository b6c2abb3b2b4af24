package dev

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// announce asks GET /healthz until it answers 200, has the environment prepared
// and then says what to do next. After a while without success it says once what
// is wrong.
func announce(ctx context.Context, cfg Config, started time.Time) {
	patience := time.Now().Add(15 * time.Second)
	for {
		trouble := healthy(ctx, cfg.publicURL()+"/healthz")
		if trouble == "" {
			prepare(ctx, cfg)
			_, _ = fmt.Fprintf(cfg.Out, readyText, time.Since(started).Seconds(), cfg.publicURL(), cfg.State)
			return
		}
		if ctx.Err() == nil && !patience.IsZero() && time.Now().After(patience) {
			_, _ = fmt.Fprintf(cfg.Out, "not ready yet: GET /healthz: %s\n", trouble)
			patience = time.Time{}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// prepare runs what the caller wants done in an environment that answers.
func prepare(ctx context.Context, cfg Config) {
	if cfg.Ready == nil {
		return
	}
	if err := cfg.Ready(ctx); err != nil && ctx.Err() == nil {
		_, _ = fmt.Fprintf(cfg.Out, "not everything is prepared: %v\n", err)
	}
}

// healthy returns what is wrong, or nothing.
func healthy(ctx context.Context, url string) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err.Error()
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(res.Body, 500)) // Only to be shown.
	if res.StatusCode != http.StatusOK {
		return fmt.Sprintf("%s %s", res.Status, body)
	}
	return ""
}

const readyText = `
ready in %.1[1]f s

  console    %[2]s/console
  API        %[2]s
  demo CRM   %[2]s/dev/crm/
  see it     go run ./shared/cmd/tenon demo
  sign in    go run ./shared/cmd/tenon login
  a token    curl -s %[2]s/dev/token -d '{"tenant":"acme","subject":"you","scopes":["connections:read"]}'
  state      %[3]s (start afresh with: make dev-reset)

Ctrl-C stops.
`

// lockedWriter lets many goroutines write whole lines to one writer.
type lockedWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}
