package connection

import (
	"context"

	"github.com/tenonhq/tenon/shared/fault"
)

// Gate refuses what is under a kill switch, *killswitch.Gate, and what is of a
// tenant that is removed, *tenant.Gate.
type Gate interface {
	// Pass is ErrKillSwitch for a connector of a tenant that is under a switch, and
	// the fault tenant_removed for a tenant that is being removed. When it is not
	// known whether it is, the fault is retry_later.
	Pass(ctx context.Context, tenant, connector string) error
}

// ErrKillSwitch refuses what was cut off.
var ErrKillSwitch = fault.New(fault.Conflict, fault.CodeKillSwitch, "Access was cut off by a kill switch.").WithRemedy("contact_admin")

// CutOff reports whether an error is the refusal of a gate that knows.
func CutOff(err error) bool {
	return fault.Has(err, fault.CodeKillSwitch) || fault.Has(err, fault.CodeTenantRemoved)
}

// Pass asks the gate about a connection. A service without a gate lets all pass.
func Pass(ctx context.Context, g Gate, c *Connection) error {
	if g == nil {
		return nil
	}
	return g.Pass(ctx, c.Tenant, c.Connector)
}
