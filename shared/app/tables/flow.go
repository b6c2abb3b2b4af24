package tables

import (
	"time"

	"github.com/tenonhq/tenon/shared/flow"
)

// Bindings returns the flows and what they are bound to.
func (t *Tables) Bindings() *flow.Service {
	return &flow.Service{
		Store: t.Flows, Connections: t.Connections, Templates: t.Templates, Catalog: t.Catalog(), Audit: t.Audit, Now: time.Now,
	}
}
