package audit

import "github.com/tenonhq/tenon/shared/api"

// API returns what the API shows of the entry.
func (e Entry) API() api.AuditEntry {
	return api.AuditEntry{
		ID: e.ID, At: e.At, Actor: e.Actor, Action: string(e.Action), Resource: e.Resource, Outcome: e.Outcome,
		Reason: e.Reason, RequestID: e.RequestID, SourceIP: e.SourceIP, Facts: e.Facts,
	}
}
