package tables

import (
	"time"

	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/outage"
)

// Reporter returns the recording of calls, which tells nobody anything.
func (t *Tables) Reporter() *health.Service {
	return &health.Service{
		Store: t.Connections, Histories: t.Histories, Connectors: t.Catalog(),
		Outages: &outage.Monitor{Store: t.Outages, Now: time.Now}, Audit: t.Audit, Now: time.Now,
	}
}

// Incidents returns what connections show of systems in trouble.
func (t *Tables) Incidents() *outage.Incidents {
	return &outage.Incidents{Store: t.Outages, Now: time.Now}
}
