// Package changes composes what changes records and tells the bus, without
// touching a credential. It depends on packages eventbridge, ses, app/tables
// and the domain.
package changes

import (
	"time"

	awseventbridge "github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/eventbridge"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Changes is the tables with the bus.
type Changes struct {
	*tables.Tables
	Events notify.Publisher
}

// New opens the stage's table and bus.
func New(e *app.Env) Changes {
	return Changes{tables.New(e), Bus(e)}
}

// Bus returns the stage's event bus.
func Bus(e *app.Env) notify.Publisher {
	return eventbridge.Bus{Client: awseventbridge.NewFromConfig(e.AWS), Name: e.Config.EventBus}
}

// Connections returns the connections to change.
func (c Changes) Connections() *connection.Service {
	s := c.Reader()
	s.Events, s.Inputs = c.Events, c.Templater()
	return s
}

// Deriver returns what tells connections how calls went.
func (c Changes) Deriver() *health.Service {
	s := c.Reporter()
	s.Events = c.Events
	s.Outages = &outage.Monitor{Store: c.Outages, Events: c.Events, Now: time.Now}
	return s
}

// Expiry returns the jobs on what ends by itself.
func (c Changes) Expiry() *expiry.Service {
	s := c.Expirations()
	s.Events = c.Events
	return s
}

// Announcer returns what tells of the addresses calls come from.
func (c Changes) Announcer() *tenant.Announcer {
	return &tenant.Announcer{Store: c.Tenants, Events: c.Events, Addresses: c.Env.Config.EgressAddresses, Now: time.Now}
}
