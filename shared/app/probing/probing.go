// Package probing composes the function that logs in to servers. It depends on
// packages method, probe and app/keys; what it links no other function does.
package probing

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/keys"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/probe"
)

// New opens the stage's table and keys and the way to servers.
func New(e *app.Env) probe.Worker {
	return probe.Worker{Servers: servers(e), Sealer: keys.New(e).Sealer, Now: time.Now}
}

// servers returns what logs in. Every protocol is refused: no driver is linked.
func servers(*app.Env) method.Prober { return none{} }

type none struct{}

// Probe implements method.Prober.
func (none) Probe(context.Context, method.Login) (method.Probe, error) {
	return method.Probe{}, fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "The protocol is not supported.")
}
