package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

type templateCommand struct {
	Export templateExportCommand `cmd:"" help:"Write what the tenant's own templates say, without secrets, to be imported into another stage."`
	Import templateImportCommand `cmd:"" help:"Bring the tenant's own templates in line with an export; what is in line already stays as it is."`
}

// templateStage is the stage whose templates are meant.
type templateStage struct {
	API      string `name:"api" required:"" placeholder:"URL" help:"Address of the API, such as https://tenon.example.com."`
	TokenEnv string `default:"TENON_TOKEN" placeholder:"NAME" help:"Environment variable that holds the bearer token (${default})."`
	Tenant   string `help:"Tenant to act for, with a token of the organization."`
}

type templateExportCommand struct {
	templateStage
	Out  string   `type:"path" placeholder:"FILE" help:"Where the document is written; standard output when absent."`
	Keys []string `arg:"" optional:"" name:"key" help:"Stable keys of the templates; all when absent."`
}

type templateImportCommand struct {
	templateStage
	File   string   `required:"" type:"existingfile" placeholder:"FILE" help:"The document of an export."`
	Keep   []string `placeholder:"KEY.INPUT" help:"Input of a template whose value in this stage stays; may be repeated."`
	DryRun bool     `help:"Say what would change, and change nothing."`
	JSON   bool     `name:"json" help:"Print the answer as JSON."`
}

// documentLimit is what the file of a document may hold, in bytes.
const documentLimit = 1 << 20

// templateError ends the program with an exit status: 1 when something was refused
// or failed, 2 when the command line is wrong.
type templateError struct {
	error
	status int
}

// ExitCode implements kong.ExitCoder.
func (e templateError) ExitCode() int { return e.status }

// Unwrap returns the cause.
func (e templateError) Unwrap() error { return e.error }

// Run exports.
func (c *templateExportCommand) Run(ctx context.Context, out io.Writer) error {
	stage, err := c.client()
	if err != nil {
		return err
	}
	doc, err := client.Call(ctx, stage, routes.TemplateExport, api.TemplateExport{StableKeys: c.Keys})
	if err != nil {
		return fmt.Errorf("export templates: %w", err)
	}
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("export templates: %w", err)
	}
	text = append(text, '\n')
	if c.Out == "" {
		_, err = out.Write(text)
	} else {
		err = os.WriteFile(c.Out, text, 0o644) //nolint:gosec // It holds no secret and is meant for git.
	}
	if err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// Run imports, and fails when anything is refused.
func (c *templateImportCommand) Run(ctx context.Context, out io.Writer) error {
	in, err := readDocument(c.File)
	if err != nil {
		return templateError{fmt.Errorf("read %s: %w", c.File, err), 2}
	}
	in.DryRun = c.DryRun
	for _, kept := range c.Keep {
		key, input, ok := strings.Cut(kept, ".")
		if !ok || key == "" || input == "" {
			return templateError{fmt.Errorf("--keep %s: write the stable key, a dot and the name of the input", kept), 2}
		}
		if in.Keep == nil {
			in.Keep = map[string][]string{}
		}
		in.Keep[key] = append(in.Keep[key], input)
	}
	stage, err := c.client()
	if err != nil {
		return err
	}
	result, err := client.Call(ctx, stage, routes.TemplateImport, in)
	if err != nil {
		return fmt.Errorf("import templates: %w", err)
	}
	if c.JSON {
		text, err := json.Marshal(result)
		if err == nil {
			err = printJSON(out, text)
		}
		if err != nil {
			return err
		}
	} else if err := printImport(out, result, c.DryRun); err != nil {
		return err
	}
	if !result.Applied && !c.DryRun || refusals(result) > 0 {
		return templateError{fmt.Errorf("%d refused; nothing was changed", refusals(result)), 1}
	}
	return nil
}

// client returns a client of the stage. It follows no redirect: the token goes
// nowhere else.
func (s templateStage) client() (*client.Client, error) {
	u, err := url.Parse(s.API)
	if err != nil || u.Host == "" || u.Scheme != "https" && !loopback(u) {
		return nil, templateError{errors.New("--api must be an https address"), 2}
	}
	token := os.Getenv(s.TokenEnv)
	if token == "" {
		return nil, templateError{fmt.Errorf("the environment variable %s holds no token", s.TokenEnv), 2}
	}
	doer := &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c := client.New(s.API, func(context.Context) (string, error) { return token, nil }, doer)
	if s.Tenant != "" {
		c = c.For(s.Tenant)
	}
	return c, nil
}

// loopback reports whether the address is a dev environment's.
func loopback(u *url.URL) bool {
	return u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1")
}

// readDocument reads a document. A member that a document does not have is an
// error and is not sent: it may be a secret.
func readDocument(path string) (api.TemplateImport, error) {
	var in api.TemplateImport
	file, err := os.Open(path) //nolint:gosec // The user named it.
	if err != nil {
		return in, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, documentLimit+1))
	if err != nil {
		return in, err
	}
	if len(text) > documentLimit {
		return in, errors.New("the file is larger than any document")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in.TemplateDocument); err != nil {
		return in, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return in, errors.New("something stands behind the document")
	}
	return in, nil
}
