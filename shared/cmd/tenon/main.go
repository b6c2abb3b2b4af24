// Command tenon is the command line of Tenon: it works with a deployment, and runs
// the product on one machine. Run it with --help for its commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

// commands are those written by hand; each has a Run method. Package operation adds
// those of the route table.
type commands struct {
	Login      loginCommand      `cmd:"" group:"Start here:" help:"Sign in to a stage; to the local environment without an address."`
	Logout     logoutCommand     `cmd:"" group:"Start here:" help:"Forget a sign-in."`
	Doctor     doctorCommand     `cmd:"" group:"Start here:" help:"Check a stage and the sign-in, and say what needs attention."`
	Completion completionCommand `cmd:"" group:"Start here:" help:"Print the script that completes command lines in a shell."`
	Import     importCommand     `cmd:"" group:"Start here:" help:"Import connections of another system from a file; it can be interrupted and run again."`
}

// machine adds the commands that run the product on this machine, or try it.
func machine() []kong.Option {
	const group = "On this machine:"
	return []kong.Option{
		kong.DynamicCommand("dev", "Run the whole product on this machine, without an AWS account.", group, new(devCommand)),
		kong.DynamicCommand("demo", "Walk through the life of a connection in a running dev environment.", group, new(demoCommand)),
		kong.DynamicCommand("invoke", "Run one function of a running dev environment with an event file.", group, new(invokeCommand)),
		kong.DynamicCommand("smoke", "Run the main job against a deployed stage, and clean up after it.", group, new(smokeCommand)),
		kong.DynamicCommand("bench", "Measure speed and cost of the built functions; takes minutes.", group, new(benchCommand)),
		kong.DynamicCommand("simulate", "Run the work of a day of a whole deployment in virtual time and say what it costs; takes minutes.", group, new(simulateCommand)),
	}
}

// byHand are the commands that stand among those of the routes.
func byHand() map[string]operation.Written {
	return map[string]operation.Written{
		"connector new":   {Help: "Begin the catalog's file of a connector, and say what is missing in it.", Command: connectorNewCommand{}},
		"template export": {Help: "Write what the tenant's own templates say, without secrets, to be imported into another stage.", Command: templateExportCommand{}},
		"template import": {Help: "Bring the tenant's own templates in line with an export; what is in line already stays as it is.", Command: templateImportCommand{}},
		"audit export":    {Help: "Write who did what, oldest first, to a file or standard output.", Command: auditExportCommand{}},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // A second Ctrl-C ends the program at once.
	os.Exit(run(ctx, os.Args[1:], operation.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Terminal: terminal(os.Stdin) && terminal(os.Stderr)}))
}

// ended is what kong ends the program with after --help.
type ended struct{ code int }

// run runs a command line and returns its exit status.
func run(ctx context.Context, args []string, s operation.Streams) (code int) {
	defer func() {
		if end, ok := recover().(ended); ok {
			code = end.code
		}
	}()
	operations, options := operation.Grammar(byHand())
	parser, err := kong.New(new(commands), append(slices.Concat(options, machine()),
		kong.Name("tenon"),
		kong.Description("Tenon keeps the connections of an integration product alive.\n\n"+status.Text),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true, Compact: true}),
		kong.Exit(func(code int) { panic(ended{code}) }),
		kong.Writers(s.Out, s.Err),
		kong.PostBuild(addExamples),
		kong.Bind(s),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(s.Out, (*io.Writer)(nil)),
	)...)
	if err != nil {
		return fail(s.Err, err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return fail(s.Err, status.Wrong("%w\nTry: tenon %s--help", err, typed(err)))
	}
	if c := operation.Selected(command, operations); c != nil {
		err = c.Run(ctx, s)
	} else {
		err = command.Run(parser)
	}
	return fail(s.Err, err)
}

// typed are the words of the commands that a wrong command line begins with.
func typed(err error) string {
	var words string
	if wrong, ok := errors.AsType[*kong.ParseError](err); ok && wrong.Context != nil {
		for _, p := range wrong.Context.Path {
			if p.Command != nil {
				words += p.Command.Name + " "
			}
		}
	}
	return words
}

// fail tells of an error, if there is one, and returns its exit status.
func fail(out io.Writer, err error) int {
	if err != nil {
		_, _ = fmt.Fprintf(out, "tenon: %s\n", explain(err))
	}
	return status.Of(err)
}

// terminal reports whether a person is at the other end.
func terminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
