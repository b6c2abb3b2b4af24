package simulate

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/killswitch"
)

// audits counts entries. The sealing of them is not simulated: it asks for as
// much per tenant, not per connection.
type audits struct {
	audit.Store
	*environment
}

// auditSize is about what an entry takes, headSize what the head of a chain does.
const (
	auditSize = 350
	headSize  = 300
)

// Append implements audit.Store.
func (a audits) Append(context.Context, audit.Entry) error {
	a.spend(writeTime)
	a.write(appendAudit, 0, auditSize)
	return nil
}

// Enrol implements audit.Store: one write, refused or not.
func (a audits) Enrol(context.Context, string, time.Time) error {
	a.spend(writeTime)
	a.write(enrolTenant, headSize, headSize)
	return nil
}

// switches are the kill switches of the world: none.
type switches struct{ *environment }

// Active implements killswitch.ActiveStore.
func (s switches) Active(context.Context) ([]killswitch.Active, error) {
	s.spend(readTime)
	s.read(readSwitches, 0, true)
	return nil, nil
}
