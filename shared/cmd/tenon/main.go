// Command tenon is the command line of Tenon: it runs the product on one
// machine and talks to a deployment. Run it with --help for its commands.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands are the subcommands; each has a Run method.
type commands struct {
	Dev       devCommand       `cmd:"" help:"Run the whole product on this machine, without an AWS account."`
	Demo      demoCommand      `cmd:"" help:"Walk through the life of a connection in a running dev environment."`
	Invoke    invokeCommand    `cmd:"" help:"Run one function of a running dev environment with an event file."`
	Connector connectorCommand `cmd:"" help:"Begin the catalog's file of a connector, and say what is missing in it."`
	Template  templateCommand  `cmd:"" help:"Move templates between stages."`
	Import    importCommand    `cmd:"" help:"Import connections of another system from a file; it can be interrupted and run again."`
	Smoke     smokeCommand     `cmd:"" help:"Run the main job against a deployed stage, and clean up after it."`
	Bench     benchCommand     `cmd:"" name:"bench" help:"Measure speed and cost of the built functions; takes minutes."`
	Simulate  simulateCommand  `cmd:"" help:"Run the work of a day of a whole deployment in virtual time and say what it costs; takes minutes."`
}

// usageError is kong's exit status for a wrong command line.
const usageError = 80

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // A second Ctrl-C ends the program at once.
	command := kong.Parse(new(commands),
		kong.Name("tenon"),
		kong.Description("Tenon keeps the connections of an integration product alive."),
		kong.UsageOnError(),
		kong.Exit(func(code int) {
			if code == usageError {
				code = 2
			}
			os.Exit(code)
		}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(os.Stdout, (*io.Writer)(nil)),
	)
	command.FatalIfErrorf(command.Run())
}
