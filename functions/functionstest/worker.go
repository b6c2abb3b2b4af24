package functionstest

import (
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/probe"
)

// Worker returns what logs in for other functions, with servers.
func (w *World) Worker(servers method.Prober) probe.Worker {
	return probe.Worker{Servers: servers, Sealer: w.sealer, Now: w.Now}
}

// Asker returns what asks a worker to log in, with the function it asks.
func (w *World) Asker(f probe.Functions) probe.Asker {
	return probe.Asker{Functions: f, Function: "server-probe", Sealer: w.sealer, Now: w.Now}
}
