package connection

import (
	"context"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// Use is the use of a connection by a binding of a flow.
type Use struct {
	Tenant string // Whose flow it is: for a connection of the organization, any.
	Flow   string
	Slot   string
	Active bool     // The flow is active.
	Scopes []string // That the binding needs.
}

// Uses reads who uses a connection, consistently: dynamo.Flows does.
type Uses interface {
	// Uses returns the uses of a connection of the owner, in order, beginning after
	// start, and what to go on from, empty at the end.
	Uses(ctx context.Context, owner, connectionID, start string, limit int) ([]Use, string, error)
}

// mostFlows is how many flows a refusal names.
const mostFlows = 100

// InUse is the fault connection_in_use with the active flows of the connection,
// for what may not be done to a connection while there are any.
func InUse(ctx context.Context, uses Uses, c Connection, detail string) error {
	refused := fault.New(fault.Conflict, fault.CodeConnectionInUse, detail)
	for start := ""; len(refused.Flows) < mostFlows; {
		found, next, err := uses.Uses(ctx, c.Tenant, c.ID, start, mostFlows)
		if err != nil {
			return err
		}
		for _, u := range found {
			if name := u.name(c.Tenant); u.Active && len(refused.Flows) < mostFlows && (len(refused.Flows) == 0 || refused.Flows[len(refused.Flows)-1] != name) {
				refused.Flows = append(refused.Flows, name)
			}
		}
		if next == "" {
			break
		}
		start = next
	}
	return refused
}

// name is the flow's id; of another tenant than the owner, with that.
func (u Use) name(owner string) string {
	if u.Tenant == owner && owner != auth.Organization {
		return u.Flow
	}
	return u.Tenant + "/" + u.Flow
}
