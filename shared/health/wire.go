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
