package killswitch

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// From reads the request to start a kill switch.
func From(in api.KillSwitchCreate) New {
	return New{
		Target: Target{Scope: Scope(in.Scope), Tenant: in.Tenant, Connector: in.Connector},
		Reason: in.Reason, Confirm: in.Confirm,
	}
}

// API returns what the API shows of the switch.
func (r Record) API() api.KillSwitch {
	n := r.Progress()
	return api.KillSwitch{
		ID: r.ID, Scope: string(r.Scope), Tenant: r.Tenant, Connector: r.Connector, Reason: r.Reason, State: string(r.Phase),
		Progress: api.KillSwitchProgress{
			Total: n.Total, Disabled: n.Disabled, Revoked: n.Revoked, Irrevocable: n.Irrevocable, PendingRevocation: n.Pending, Failed: n.Failed,
			Done: !r.FinishedAt.IsZero(), StartedAt: r.StartedAt, StartedBy: r.StartedBy, FinishedAt: given(r.FinishedAt),
		},
		LiftedAt: given(r.LiftedAt), LiftedBy: r.LiftedBy,
	}
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
