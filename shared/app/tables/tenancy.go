package tables

import (
	"context"
	"net/http"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web"
)

// admission is the web.Admission of a process.
type admission struct{ gate *tenant.Gate }

// Admission admits requests by the standing that the gate knows.
func Admission(gate *tenant.Gate) web.Admission { return admission{gate} }

// Admit implements web.Admission.
func (a admission) Admit(ctx context.Context, caller auth.Caller, r *routes.Route) error {
	return a.gate.Admit(ctx, caller, Access(r))
}

// Access returns what a route wants of a tenant.
func Access(r *routes.Route) tenant.Access {
	switch {
	case r.Method == http.MethodGet:
		return tenant.Read
	case r.Repairs:
		return tenant.Repair
	}
	return tenant.Change
}

// Property returns what tenants have.
func (t *Tables) Property() offboarding.Property {
	return offboarding.Property{Connections: t.Connections, Templates: t.Templates, Endpoints: t.Endpoints, SigningKeys: t.Signatures}
}

// Offboarding returns the removal of tenants, to be started.
func (t *Tables) Offboarding() *offboarding.Service {
	return &offboarding.Service{Property: t.Property(), Store: t.Tenants, Audit: t.Audit, Now: time.Now}
}
