package connection

import (
	"context"

	"github.com/tenonhq/tenon/shared/fault"
)

// Gate refuses what is under a kill switch: *killswitch.Gate.
type Gate interface {
	// Pass is ErrKillSwitch for a connector of a tenant that is under a switch. When
	// it is not known whether it is, the fault is retry_later.
	Pass(ctx context.Context, tenant, connector string) error
}

// ErrKillSwitch refuses what was cut off.
var ErrKillSwitch = fault.New(fault.Conflict, fault.CodeKillSwitch, "Access was cut off by a kill switch.").WithRemedy("contact_admin")

// Pass asks the gate about a connection. A service without a gate lets all pass.
func Pass(ctx context.Context, g Gate, c *Connection) error {
	if g == nil {
		return nil
	}
	return g.Pass(ctx, c.Tenant, c.Connector)
}
