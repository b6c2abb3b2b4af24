package main

import (
	"context"
	"fmt"
	"io"

	"github.com/tenonhq/tenon/infra/local/demo"
)

type demoCommand struct {
	Port int    `env:"TENON_DEV_PORT" default:"8787" help:"TCP port of the dev environment (${env})."`
	URL  string `help:"Origin of the dev environment; default http://127.0.0.1 and the port."`
	Keep bool   `help:"Leave the connection connected."`
}

// Run walks through the life of a connection.
func (c *demoCommand) Run(ctx context.Context, out io.Writer) error {
	origin := c.URL
	if origin == "" {
		origin = fmt.Sprintf("http://127.0.0.1:%d", c.Port)
	}
	return demo.Run(ctx, demo.Config{URL: origin, Keep: c.Keep}, out)
}
