// Package servers logs in to systems that do not speak HTTP, to see whether a
// credential works: SFTP servers and PostgreSQL, MySQL and SQL Server databases.
// It implements method.Prober. It depends on packages catalog, fault, method and
// secret, on golang.org/x/crypto/ssh and github.com/pkg/sftp, and on the
// databases' drivers.
//
// The drivers get a connection that is already made: they resolve no name, dial
// nothing and read no file and no variable of the process. A probe makes one
// attempt under the mode that was asked for and never falls back to a weaker
// one. What a server says decides between outcomes and goes nowhere else.
package servers

import (
	"context"
	"net"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// defaultStep is how long one answer of a server may take.
const defaultStep = 5 * time.Second

// steps of silence are what a whole probe may take.
const steps = 3

// Prober logs in, asks for as little as there is to ask, and logs out.
type Prober struct {
	// Dial connects to host:port and decides which may be reached: Dialer of
	// package egress.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Step bounds every wait for the server; three of them bound the probe. Zero is
	// five seconds.
	Step time.Duration
}

// Probe implements method.Prober. The account is the user at the host: it is the
// same one with another password, key or host key.
func (p Prober) Probe(ctx context.Context, l method.Login) (method.Probe, error) {
	if !portAllowed(l.Protocol, l.Port) {
		return method.Probe{}, wrongInput("port", "Is not a port that such a server may listen on.")
	}
	if p.Step == 0 {
		p.Step = defaultStep
	}
	ctx, cancel := context.WithTimeout(ctx, steps*p.Step)
	defer cancel()
	var (
		result method.Probe
		err    error
	)
	switch l.Protocol {
	case "sftp":
		result, err = p.sftp(ctx, l)
	case "postgres":
		result, err = p.database(ctx, l, postgres)
	case "mysql":
		result, err = p.database(ctx, l, mySQL)
	case "sqlserver":
		result, err = p.database(ctx, l, sqlServer)
	default:
		err = fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "The protocol is not supported.")
	}
	if err == nil && (result.Outcome == catalog.OK || result.Outcome == catalog.PermissionError) {
		result.AccountID = l.Values[method.ValueUser].Reveal() + "@" + l.Host
		result.AccountName = result.AccountID
	}
	return result, err
}

// connect makes the one connection of an attempt. A refusal of the dialler is an
// error, anything else that keeps it from being made is an outcome.
func (p Prober) connect(ctx context.Context, l method.Login) (*wire, error) {
	dialing, cancel := context.WithTimeout(ctx, p.Step)
	defer cancel()
	conn, err := p.Dial(dialing, "tcp", net.JoinHostPort(l.Host, l.Port))
	if err != nil {
		return nil, err
	}
	return newWire(ctx, conn, p.Step), nil
}

// portAllowed keeps a protocol to its port and those without privileges.
func portAllowed(protocol, text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && (port >= 1024 || protocol == "sftp" && port == 22)
}

func wrongInput(name, detail string) error {
	return &fault.Error{
		Kind: fault.Unprocessable, Code: fault.CodeValidationFailed, Remedy: "fix_input",
		Detail: "The inputs are not valid.", Fields: []fault.Field{{Pointer: "/inputs/" + name, Detail: detail}},
	}
}
