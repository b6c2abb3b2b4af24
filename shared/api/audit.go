package api

import "time"

// AuditFilter selects entries of the audit; what is left out selects all.
type AuditFilter struct {
	Actor    string `json:"-" query:"actor" maxLength:"320"`
	Action   string `json:"-" query:"action" maxLength:"64"`
	Resource string `json:"-" query:"resource" maxLength:"64"`
	Outcome  string `json:"-" query:"outcome" enum:"allowed,denied"`
	Since    string `json:"-" query:"since" maxLength:"40" doc:"Entries from this time on (RFC 3339), to the millisecond."`
	Until    string `json:"-" query:"until" maxLength:"40" doc:"Entries before this time (RFC 3339), to the millisecond."`
}

// Values are the filters, in an order that never changes: what a cursor is bound
// to.
func (f AuditFilter) Values() []string {
	return []string{f.Action, f.Resource, f.Actor, f.Outcome, f.Since, f.Until}
}

// AuditList asks for the audit of the tenant, newest first. A page may be short,
// or empty, before the end: only the last has no nextCursor.
type AuditList struct {
	Page
	AuditFilter
}

// AuditEntry says who did what to what, when, why and from where.
type AuditEntry struct {
	ID        string            `json:"id"`
	At        time.Time         `json:"at"`
	Actor     string            `json:"actor"`
	Action    string            `json:"action"`
	Resource  string            `json:"resource,omitempty"`
	Outcome   string            `json:"outcome" enum:"allowed,denied"`
	Reason    string            `json:"reason,omitempty"`
	RequestID string            `json:"requestId,omitempty"`
	SourceIP  string            `json:"sourceIp,omitempty"`
	Facts     map[string]string `json:"facts,omitempty"`
}

// Audit is one page of the audit.
type Audit struct {
	Items      []AuditEntry `json:"items"`
	NextCursor string       `json:"nextCursor,omitempty"`
}

// AuditExport asks for a part of the audit as a file, oldest first.
type AuditExport struct {
	AuditFilter
	Format string `json:"-" query:"format" enum:"ndjson,csv" default:"ndjson" doc:"One JSON object per line as in the list, or CSV whose cells no spreadsheet runs."`
	Cursor string `json:"-" query:"cursor" maxLength:"1024" doc:"The Tenon-Next-Cursor of the part before."`
}

// AuditIntegrity asks to verify seals of the audit now, at most twenty.
type AuditIntegrity struct {
	From int `json:"-" query:"from" minimum:"1" doc:"The first seal; by default as many before the last as are verified at once."`
	To   int `json:"-" query:"to" minimum:"1" doc:"The last seal; by default that of the chain."`
}

// AuditVerified is the verified part of the chain of seals.
type AuditVerified struct {
	SealedUntil *time.Time   `json:"sealedUntil,omitempty" doc:"Entries of before this time are sealed."`
	Seals       int64        `json:"seals" doc:"How many the chain has; each is named by its number, from 1."`
	Head        string       `json:"head,omitempty" doc:"The hash of the last seal: keep it, and nothing up to it can be rewritten unseen."`
	From        int64        `json:"from,omitempty" doc:"The first seal that was verified."`
	To          int64        `json:"to,omitempty" doc:"The last seal that was verified."`
	Entries     int          `json:"entries" doc:"How many entries were compared with what was sealed."`
	Verified    bool         `json:"verified" doc:"Nothing was altered, removed or added."`
	Broken      []AuditBreak `json:"broken,omitempty" doc:"The first place in each seal that is not what was sealed."`
	Items       []AuditSeal  `json:"items" doc:"The seals, with which anyone can verify an export."`
}

// AuditBreak is where the audit is not what was sealed.
type AuditBreak struct {
	Seq     int64  `json:"seq"`
	EntryID string `json:"entryId,omitempty"`
	What    string `json:"what" enum:"missing,altered,added,seal"`
}

// AuditSeal fixes the entries with an id after From and not after To.
type AuditSeal struct {
	Seq     int64     `json:"seq"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	First   string    `json:"first"`
	Last    string    `json:"last"`
	Count   int       `json:"count"`
	At      time.Time `json:"at"`
	Entries string    `json:"entries" doc:"SHA-256 of the entries, hexadecimal."`
	Prev    string    `json:"prev" doc:"The hash of the seal before."`
	Hash    string    `json:"hash" doc:"SHA-256 of the seal, hexadecimal."`
}
