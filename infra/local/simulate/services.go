package simulate

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// work composes the service of a lane, as the composition of its function does.
func (e *environment) work(name due.Index) app.Work {
	switch name {
	case due.Refresh:
		return due.Handler(e.refresher().Due)
	case due.Health:
		return due.Handler(e.health().Due)
	case due.Expiry:
		s := &expiry.Service{
			Connections: e.store(), Templates: templates{environment: e}, Store: markers{markerStore: e.world.markers, environment: e},
			Catalog: e.world.catalog, Settings: settings{e}, Events: bus{e}, Audit: e.audit(), IDs: id.Maker{Now: e.Now}, Now: e.Now,
		}
		return due.Handler(s.Due)
	case due.Reconcile:
		s := &reconcile.Service{Store: e.store(), Events: bus{e}, Promoter: e.refresher(), Now: e.Now, Sleep: e.sleep}
		return due.Handler(s.Due)
	default:
		return func(context.Context, string, []byte) error { return errors.New("nothing is simulated of this index") }
	}
}

func (e *environment) store() store { return store{table: e.world.table, environment: e} }

// audit opens the log, which remembers whom it enrolled, once.
func (e *environment) audit() *audit.Log {
	if e.log == nil {
		e.log = &audit.Log{Store: audits{environment: e}, IDs: id.Maker{Now: e.Now}, Now: e.Now}
	}
	return e.log
}

func (e *environment) reach() method.Reach {
	return method.Reach{HTTP: provider{e.world.systems, e}, Now: e.Now}
}

// switches is the gate, which remembers what is cut off, that is nothing.
func (e *environment) switches() *killswitch.Gate {
	if e.gate == nil {
		e.gate = &killswitch.Gate{Store: switches{e}, Now: e.Now}
	}
	return e.gate
}

// open makes the cache of data keys, which the services of an environment share.
func (e *environment) open() *vault.Sealer {
	if e.sealer == nil {
		e.sealer = &vault.Sealer{Keys: keys{e}, DataKeys: keys{e}, Now: e.Now}
	}
	return e.sealer
}

func (e *environment) secrets() secrets { return secrets{secretStore: e.world.secrets, environment: e} }

func (e *environment) templates() *template.Service {
	return &template.Service{
		Store: templates{environment: e}, Catalog: e.world.catalog, Secrets: e.secrets(), Keys: keys{e}, Audit: e.audit(), Events: bus{e},
		PublicURL: "https://tenon.example.com", Stage: "prod", Now: e.Now,
	}
}

func (e *environment) monitor() *outage.Monitor {
	return &outage.Monitor{Store: outages{outageStore: e.world.outages, environment: e}, Events: bus{e}, Now: e.Now, Sleep: e.sleep}
}

func (e *environment) refresher() *lease.Refresher {
	return &lease.Refresher{
		Store: e.store(), Templates: e.templates(), Sealer: e.open(), Secrets: e.secrets(), Reach: e.reach(), Outages: e.monitor(),
		Events: bus{e}, Audit: e.audit(), Gate: e.switches(), IDs: id.Maker{Now: e.Now}, Now: e.Now, Sleep: e.sleep,
	}
}

func (e *environment) health() *health.Service {
	return &health.Service{
		Store: e.store(), Histories: histories{historyStore: e.world.histories, environment: e}, Connectors: e.world.catalog, Outages: e.monitor(),
		Templates: e.templates(), Refresher: e.refresher(), Sealer: e.open(), Reach: e.reach(),
		Events: bus{e}, Audit: e.audit(), Now: e.Now,
	}
}

// report tells of one good call of a connection, as its runtime does.
func (e *environment) report(ctx context.Context, s *health.Service, place int) error {
	tenant := tenantID(place)
	caller := auth.Caller{Tenant: tenant, Home: tenant, Subject: "runtime", Scopes: []string{auth.ConnectionsLease}}
	_, err := s.Report(ctx, caller, connectionID(place), []health.Call{{At: e.Now(), Outcome: catalog.OK}})
	return err
}
