package audit

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
)

// API returns what the API shows of the entry.
func (e Entry) API() api.AuditEntry {
	return api.AuditEntry{
		ID: e.ID, At: e.At, Actor: e.Actor, Action: string(e.Action), Resource: e.Resource, Outcome: e.Outcome,
		Reason: e.Reason, RequestID: e.RequestID, SourceIP: e.SourceIP, Facts: e.Facts,
	}
}

// Filter returns the query of what the API was asked for. Times that are not of
// RFC 3339 are fault.Invalid.
func Filter(in api.AuditFilter) (Query, error) {
	q := Query{Actor: in.Actor, Action: Action(in.Action), Resource: in.Resource, Outcome: in.Outcome}
	for _, bound := range []struct {
		name, text string
		into       *time.Time
	}{{"since", in.Since, &q.Since}, {"until", in.Until, &q.Until}} {
		if bound.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, bound.text)
		if err != nil || at.Unix() < 0 || at.Year() > lastYear {
			return Query{}, &fault.Error{
				Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The request is not valid.", Remedy: "fix_input",
				Fields: []fault.Field{{Pointer: "query/" + bound.name, Detail: "Must be a time such as 2026-01-31T08:00:00Z."}},
			}
		}
		*bound.into = at
	}
	return q, nil
}

// lastYear is the last that RFC 3339 can write; ids begin in 1970.
const lastYear = 9999

// API returns what the API shows of the verification.
func (i Integrity) API() api.AuditVerified {
	out := api.AuditVerified{
		Seals: i.Head.Seq, Head: i.Head.Hash, From: i.From, To: i.To, Entries: i.Entries, Verified: len(i.Breaks) == 0, Items: []api.AuditSeal{},
	}
	if at, err := id.Time(i.Head.To); err == nil {
		out.SealedUntil = &at
	}
	for _, b := range i.Breaks {
		out.Broken = append(out.Broken, api.AuditBreak{Seq: b.Seq, EntryID: b.Entry, What: b.What})
	}
	for _, s := range i.Seals {
		out.Items = append(out.Items, api.AuditSeal{
			Seq: s.Seq, From: s.From, To: s.To, First: s.First, Last: s.Last, Count: s.Count, At: s.At, Entries: s.Entries, Prev: s.Prev, Hash: s.Hash,
		})
	}
	return out
}
