package main

import (
	"context"
	"fmt"
	"io"

	"github.com/tenonhq/tenon/infra/local/demo"
	"github.com/tenonhq/tenon/infra/local/dev"
)

type devCommand struct {
	Port         int      `env:"TENON_DEV_PORT" default:"8787" help:"TCP port on 127.0.0.1 (${env})."`
	State        string   `default:".tenon" type:"path" help:"Directory that keeps the state between runs."`
	Templates    string   `default:"infra/templates" type:"path" help:"Directory of the synthesized templates."`
	Procs        int      `default:"4" help:"Most processes of one function."`
	Watch        bool     `default:"true" negatable:"" help:"Rebuild functions when their sources change."`
	TokenSeconds int      `default:"60" help:"Lifetime of an access token of the demo CRM."`
	CORS         []string `env:"TENON_DEV_CORS" help:"Origins of pages that may call the API, separated by commas (${env})."`
	Endpoint     string   `env:"AWS_ENDPOINT_URL" help:"Use the AWS at this address instead of the embedded one (${env})."`
}

// Run serves until Ctrl-C.
func (c *devCommand) Run(ctx context.Context, out io.Writer) error {
	return dev.Run(ctx, dev.Config{
		State:        c.State,
		Templates:    c.Templates,
		Port:         c.Port,
		Processes:    c.Procs,
		Endpoint:     c.Endpoint,
		TokenSeconds: c.TokenSeconds,
		CORSOrigins:  c.CORS,
		Ready:        func(ctx context.Context) error { return demo.Seed(ctx, fmt.Sprintf("http://127.0.0.1:%d", c.Port)) },
		Watch:        c.Watch,
		Out:          out,
	})
}
