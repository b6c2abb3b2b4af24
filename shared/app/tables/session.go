package tables

import (
	"time"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/console"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/session"
)

// Sessions returns the connect sessions, which establish what connects does.
func (t *Tables) Sessions(connects *connect.Service) *session.Service {
	return &session.Service{Store: dynamo.Sessions{Table: t.Table}, Tenants: t.Tenants, Connects: connects}
}

// Console returns the sign-ins of browsers to the console.
func (t *Tables) Console() *console.Service {
	return &console.Service{Store: dynamo.SignIns{Table: t.Table}, Audit: t.Audit, Now: time.Now}
}
