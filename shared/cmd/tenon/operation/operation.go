// Package operation makes a command of each row of the route table that people
// call: its arguments are the path's parameters, its flags the other fields of the
// request, its output a table for people or the JSON of the API. It depends on
// packages api, client, fault, routes and secret, on packages login and status
// beside it, and on kong.
//
// A secret is never an argument or the value of a flag, which other people of the
// machine see and shells remember: it is read from a file, or standard input.
package operation

import (
	"context"
	"io"
	"os"
	"reflect"

	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/routes"
)

// Command is one operation as a command. Kong fills its form.
type Command struct {
	Route *routes.Route
	Path  []string // The words of the command.

	form   reflect.Value // Of a struct that kong knows the flags of.
	fields []field
}

// Streams are those of the process. Answers go to Out and everything else to Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // A person is at In and sees Err.
}

// Stage are the flags that say which stage is meant.
type Stage struct {
	Profile string `group:"Stage:" env:"TENON_PROFILE" placeholder:"NAME" help:"Profile of the stage that you are signed in to; the one of the last sign-in when absent (${env})."`
	API     string `group:"Stage:" name:"api" placeholder:"URL" help:"Address of the stage, with a token of the environment or of a profile (TENON_URL)."`
}

// Acting is the flag of who may act for a tenant.
type Acting struct {
	Tenant string `group:"Stage:" env:"TENON_TENANT" placeholder:"ID" help:"Tenant to act for, with a token of the organization (${env})."`
}

// Open returns the stage that the flags and the environment mean.
func (s Stage) Open(ctx context.Context) (login.Stage, error) {
	return login.Open(ctx, login.Choice{URL: s.API, Profile: s.Profile, Getenv: os.Getenv})
}

// Client returns a client of the stage that acts for the tenant, or for the
// caller's own where none is named.
func (s Stage) Client(ctx context.Context, tenant string) (*client.Client, error) {
	stage, err := s.Open(ctx)
	if err != nil {
		return nil, err
	}
	return stage.Client(tenant), nil
}

// Run performs the operation as the form says.
func (c *Command) Run(ctx context.Context, s Streams) error {
	stage, tenant := c.stage()
	in, err := c.request(s.In)
	if err != nil {
		return err
	}
	if err := c.confirm(s); err != nil {
		return err
	}
	calls, err := stage.Client(ctx, tenant)
	if err != nil {
		return err
	}
	p := printer{Streams: s, json: c.flag("JSON"), columns: columns[c.Route.Name]}
	if isList(c.Route) {
		return c.list(ctx, calls, in, p)
	}
	if c.flag("Wait") && !p.json {
		return c.authorize(ctx, calls, in, p)
	}
	body, err := client.Raw(ctx, calls, c.Route, in.Interface())
	if err != nil {
		return err
	}
	return p.one(c.Route, body, !leases(c.Route) || c.flag("Reveal"))
}

// stage returns the flags that every form begins with.
func (c *Command) stage() (Stage, string) {
	form := c.form.Elem()
	acting := Acting{}
	if f := form.FieldByName("Acting"); f.IsValid() {
		acting = f.Interface().(Acting)
	}
	return form.FieldByName("Stage").Interface().(Stage), acting.Tenant
}

// flag reports whether a flag of ours is there and set.
func (c *Command) flag(name string) bool {
	f := c.form.Elem().FieldByName(name)
	return f.IsValid() && f.Bool()
}
