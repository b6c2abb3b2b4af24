// Package probing composes the function that logs in to servers. It depends on
// packages egress, method, probe, servers and app/keys; what it links no other
// function does.
package probing

import (
	"time"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/keys"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/probe"
	"github.com/tenonhq/tenon/shared/servers"
)

// New opens the stage's table and keys and the way to servers.
func New(e *app.Env) probe.Worker {
	return probe.Worker{Servers: prober(e), Sealer: keys.New(e).Sealer, Now: time.Now}
}

// prober returns what logs in, over the only way out.
func prober(e *app.Env) method.Prober {
	const sftp = 22 // What else servers listen on is above 1023.
	dial := egress.Dialer{Ports: []uint16{sftp}, Private: e.Config.PrivatePrefixes, InsecureLoopback: e.Config.Local()}
	return servers.Prober{Dial: dial.DialContext}
}
