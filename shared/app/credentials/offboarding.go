package credentials

import (
	"time"

	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Offboarder returns what carries out the removal of tenants, and looks after
// those whose key cannot be used.
func (c Credentials) Offboarder() *offboarding.Walker {
	return &offboarding.Walker{
		Property: c.Property(), Store: c.Tenants, Switches: c.KillSwitches(), Connects: c.Connect(), Remover: c.Templates(),
		Suspended: &tenant.Checker{Store: c.Tenants, Keys: c.KMS, Events: c.Events, Audit: c.Audit, Now: time.Now},
		Flows:     offboarding.StoredFlows{Store: dynamo.Flows{Table: c.Table}},
		Keys:      c.KMS, Events: c.Events, Audit: c.Audit, Now: time.Now,
	}
}
