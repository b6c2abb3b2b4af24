package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/tenonhq/tenon/infra/smoke"
	"github.com/tenonhq/tenon/shared/secret"
)

type smokeCommand struct {
	URL     string        `name:"url" required:"" placeholder:"URL" help:"Address of the stage, such as https://tenon.example.com."`
	System  string        `placeholder:"URL" help:"Address that answers a GET with 2xx, for keys to be verified at; the stage's own when absent, which it cannot be where that is one of AWS."`
	Timeout time.Duration `default:"5m" help:"How long the whole run may take (${default})."`
	JSON    bool          `name:"json" help:"Print each step as a line of JSON."`
}

// Run makes the run. The token comes from TENON_TOKEN, or is had by the client
// TENON_CLIENT_ID with TENON_CLIENT_SECRET at TENON_ISSUER; TENON_SCOPES and
// TENON_AUDIENCE say what to ask the issuer for. The exit status is 1 when a step
// failed and 2 when nothing could be tried.
func (c *smokeCommand) Run(ctx context.Context, out io.Writer) error {
	cfg := smoke.Config{URL: c.URL, System: c.System, Wait: time.Minute}
	if err := cfg.Validate(); err != nil {
		return usage("%w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	cfg.HTTP = &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // The token goes nowhere else.
	}
	var err, broken error
	if cfg.Token, err = smokeToken(ctx, cfg.HTTP); err != nil {
		return exit{err, 2}
	}
	err = smoke.Run(ctx, cfg, func(r smoke.Result) { broken = errors.Join(broken, c.print(out, r)) })
	if err = errors.Join(err, broken); err != nil {
		return exit{err, 1}
	}
	return nil
}

func (c *smokeCommand) print(out io.Writer, r smoke.Result) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(r)
	}
	mark := "ok    "
	if !r.Passed {
		mark = "FAILED"
	}
	_, err := fmt.Fprintf(out, "%s  %-12s %6.2f s  %s\n", mark, r.Step, r.Seconds, r.Detail)
	return err
}

// smokeToken returns what gets the token, as the environment says.
func smokeToken(ctx context.Context, doer *http.Client) (func(context.Context) (string, error), error) {
	if token := os.Getenv("TENON_TOKEN"); token != "" {
		return func(context.Context) (string, error) { return token, nil }, nil
	}
	c := smoke.Credentials{
		Issuer: os.Getenv("TENON_ISSUER"), ClientID: os.Getenv("TENON_CLIENT_ID"), Secret: secret.FromString(os.Getenv("TENON_CLIENT_SECRET")),
		Scopes: strings.Fields(os.Getenv("TENON_SCOPES")), Audience: os.Getenv("TENON_AUDIENCE"),
	}
	if c.Issuer == "" || c.ClientID == "" || c.Secret.IsZero() {
		return nil, errors.New("set TENON_TOKEN, or TENON_ISSUER, TENON_CLIENT_ID and TENON_CLIENT_SECRET")
	}
	return c.Tokens(ctx, doer)
}
