package health

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
)

// API returns what the API shows of a verification.
func (v Verification) API(now time.Time) api.Verification {
	message, remedy := v.Outcome.Advice()
	if v.Message != "" {
		message = v.Message
	}
	return api.Verification{
		Outcome: string(v.Outcome), Message: message, Remedy: remedy,
		CheckedAt: v.CheckedAt, Connection: v.Connection.API(now),
	}
}

// Calls reads the calls of a report.
func Calls(report api.CallReport) []Call {
	calls := make([]Call, len(report.Calls))
	for i, call := range report.Calls {
		calls[i] = Call{At: call.At, Outcome: catalog.Outcome(call.Outcome)}
	}
	return calls
}

// Receipt says what a report led to.
func Receipt(report api.CallReport, c connection.Connection, now time.Time) api.CallReceipt {
	status := connection.StatusOf(&c, now)
	return api.CallReceipt{Recorded: len(report.Calls), Status: status.Name, Reason: string(status.Reason)}
}

// RefreshmentFrom reads what is to be looked at.
func RefreshmentFrom(in api.HealthRefresh) Refreshment {
	return Refreshment{Connections: in.ConnectionIDs, Probe: in.Probe}
}

// API returns what the API shows of what came of it.
func (r Refreshed) API() api.HealthRefreshed {
	return api.HealthRefreshed{Derived: r.Derived, Changed: r.Changed, Probing: r.Probing, More: r.More}
}
