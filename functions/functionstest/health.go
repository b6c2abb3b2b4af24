package functionstest

import (
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/outage"
)

// Reporter returns the recording of calls, which tells nobody anything.
func (w *World) Reporter() *health.Service {
	return &health.Service{
		Store: w.connections, Histories: w.histories, Connectors: w.Catalog(),
		Outages: &outage.Monitor{Store: w.outages, Now: w.Now}, Audit: w.Audit, Now: w.Now,
	}
}

// Deriver returns what tells connections how calls went.
func (w *World) Deriver() *health.Service {
	s := w.Reporter()
	s.Events, s.Outages = w.Bus, w.Outages()
	return s
}

// Incidents returns what connections show of systems in trouble.
func (w *World) Incidents() *outage.Incidents {
	return &outage.Incidents{Store: w.outages, Now: w.Now}
}

// Called reports calls with a connection of Acme.
func (w *World) Called(connectionID string, outcomes ...catalog.Outcome) {
	w.t.Helper()
	calls := make([]health.Call, len(outcomes))
	for i, o := range outcomes {
		calls[i] = health.Call{At: w.now, Outcome: o}
	}
	if _, err := w.Reporter().Report(w.t.Context(), Person(Acme), connectionID, calls); err != nil {
		w.t.Fatal(err)
	}
}

// History returns what was reported of a connection.
func (w *World) History(tenant, connectionID string) health.History {
	w.t.Helper()
	h, err := w.histories.Get(w.t.Context(), tenant, connectionID)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}
