// Package tables composes what needs the table alone. It depends on packages
// app, awsconfig/tenancy, dynamo and the domain.
package tables

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/awsconfig/tenancy"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/scope"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/webhook"
)

// Tables gives access to every kind of record.
type Tables struct {
	Env         *app.Env
	AWS         aws.Config // To reach data with: as the tenant that the work is for, where the function has a role for that.
	Table       dynamo.Table
	Connections dynamo.Connections
	Templates   dynamo.Templates
	Flows       dynamo.Flows
	Tenants     dynamo.Tenants
	Handoffs    dynamo.Handoffs
	Outages     dynamo.Outages
	Histories   dynamo.Histories
	Connectors  dynamo.Connectors
	Signatures  dynamo.SigningKeys
	Switches    dynamo.KillSwitches
	Gate        *tenant.Gate
	Endpoints   dynamo.WebhookEndpoints
	Deliveries  dynamo.Deliveries
	Audit       *audit.Log
	Idempotency *idempotency.Keys
}

// New opens the stage's table. From then on the environment admits requests by the
// standing of tenants.
func New(e *app.Env) *Tables {
	if e.Config.TenantRole != "" {
		e.Connect("dynamodb", "sts")
	} else {
		e.Connect("dynamodb")
	}
	scoped := tenancy.Config(e.AWS, e.Config.TenantRole)
	t := dynamo.Table{DB: dynamodb.NewFromConfig(scoped), Name: e.Config.Table}
	gate := &tenant.Gate{
		Store: dynamo.Tenants{Table: t}, Next: &killswitch.Gate{Store: dynamo.KillSwitches{Table: t}, Now: time.Now}, Now: time.Now,
	}
	e.Admission = Admission(gate)
	return &Tables{
		Env: e, AWS: scoped, Table: t, Connections: dynamo.Connections{Table: t}, Templates: dynamo.Templates{Table: t}, Flows: dynamo.Flows{Table: t},
		Tenants: dynamo.Tenants{Table: t}, Handoffs: dynamo.Handoffs{Table: t}, Outages: dynamo.Outages{Table: t},
		Connectors:  dynamo.Connectors{Table: t},
		Histories:   dynamo.Histories{Table: t},
		Signatures:  dynamo.SigningKeys{Table: t},
		Switches:    dynamo.KillSwitches{Table: t},
		Gate:        gate,
		Endpoints:   dynamo.WebhookEndpoints{Table: t},
		Deliveries:  dynamo.Deliveries{Table: t},
		Audit:       &audit.Log{Store: dynamo.Audit{Table: t}},
		Idempotency: &idempotency.Keys{Store: dynamo.Idempotency{Table: t}, Now: time.Now},
	}
}

// Catalog returns the connectors of this stage.
func (t *Tables) Catalog() catalog.Catalog {
	return catalog.Catalog{Local: t.Env.Config.Local(), Own: t.Connectors}
}

// Scopes returns what shows the scopes of connections.
func (t *Tables) Scopes() *scope.Service {
	return &scope.Service{Connections: t.Connections, Templates: t.Templater(), Uses: t.Flows, Audit: t.Audit}
}

// Connector returns what shows connectors.
func (t *Tables) Connector() connector.Reader {
	return connector.Reader{Catalog: t.Catalog(), Store: t.Connectors}
}

// Retirer returns what retires the organization's connectors.
func (t *Tables) Retirer() *connector.Service {
	return &connector.Service{Store: t.Connectors, Audit: t.Audit, Now: time.Now}
}

// Sunsets returns what finds the connections that a dated change hits.
func (t *Tables) Sunsets() *connector.Sunsets {
	return &connector.Sunsets{Catalog: t.Catalog(), Connections: t.Connections, Tenants: t.Tenants, Audit: t.Audit}
}

// Reader returns the connections to read.
func (t *Tables) Reader() *connection.Service {
	return &connection.Service{Store: t.Connections, Audit: t.Audit, Gate: t.Gate, Uses: t.Flows, Now: time.Now}
}

// Templater returns the templates, without access to client secrets.
func (t *Tables) Templater() *template.Service {
	return &template.Service{
		Store: t.Templates, Connections: t.Connections, Catalog: t.Catalog(), Keys: t.Tenants, ExternalIDs: t.ExternalIDs(), Idempotency: t.Idempotency, Audit: t.Audit,
		PublicURL: t.Env.Config.PublicURL, Stage: t.Env.Config.Stage, Now: time.Now,
	}
}

// Tenancy returns the tenants and their settings, without access to keys.
func (t *Tables) Tenancy() *tenant.Service {
	config := t.Env.Config
	return &tenant.Service{
		Store: t.Tenants, ExternalIDs: t.ExternalIDs(), Audit: t.Audit, Local: config.Local(), Addresses: config.EgressAddresses, Now: time.Now,
		Assumer: tenant.Assumer{Roles: config.AssumingRoles, TemplateURL: config.AWSRoleTemplate, Region: t.Env.AWS.Region},
	}
}

// SigningKeys returns the tenants' signing keys, without access to the keys
// themselves.
func (t *Tables) SigningKeys() *signing.Service {
	return &signing.Service{
		Store: t.Signatures, Audit: t.Audit, PublicURL: t.Env.Config.PublicURL, Stage: t.Env.Config.Stage, Now: time.Now,
	}
}

// WebhookEndpoints returns the endpoints to read and delete.
func (t *Tables) WebhookEndpoints() *webhook.Service {
	return &webhook.Service{Store: t.Endpoints, Audit: t.Audit, Now: time.Now}
}

// DeliveryLog returns what was sent to endpoints.
func (t *Tables) DeliveryLog() *delivery.Service {
	return &delivery.Service{Store: t.Deliveries, Endpoints: t.Endpoints, Audit: t.Audit}
}

// ExternalIDs returns how roles in the tenants' AWS accounts know them.
func (t *Tables) ExternalIDs() tenant.ExternalIDs { return tenant.ExternalIDs{Store: t.Tenants} }

// Expirations returns the ledger of what ends, to be listed.
func (t *Tables) Expirations() *expiry.Service {
	return &expiry.Service{
		Connections: t.Connections, Templates: t.Templates, SigningKeys: t.Signatures, Store: dynamo.Ledger{Table: t.Table},
		Catalog: t.Catalog(), Settings: t.Tenants, Audit: t.Audit, Now: time.Now,
	}
}

// Providers returns the systems in trouble.
func (t *Tables) Providers() *outage.Service {
	return &outage.Service{Store: t.Outages, Audit: t.Audit, Now: time.Now}
}

// KillSwitches returns the kill switches, to be started and lifted.
func (t *Tables) KillSwitches() *killswitch.Service {
	return &killswitch.Service{
		Store: t.Switches, Tenants: t.Tenants, Connectors: t.Catalog(), Audit: t.Audit, Stage: t.Env.Config.Stage, Now: time.Now,
	}
}

// Opener returns the part of the handoff before anything is sealed.
func (t *Tables) Opener() *connect.Service {
	return &connect.Service{
		Connections: t.Connections, Handoffs: t.Handoffs, Templates: t.Templater(),
		Settings: t.Tenants, Keys: t.Tenants, Idempotency: t.Idempotency, Audit: t.Audit, Gate: t.Gate, Standing: t.Gate, Uses: t.Flows,
		Stage: t.Env.Config.Stage, PublicURL: t.Env.Config.PublicURL, Now: time.Now,
	}
}
