// Package metric counts and times what happens within an invocation and writes
// it, when that ends, as lines of CloudWatch's embedded metric format. What is
// measured is known by the context: without an Emitter in it nothing is, so that
// no package has to be given one. It depends on the standard library only.
//
// Every name and dimension stands here. None is of a tenant, a connection or a
// caller, and each combination of values costs a metric of its own.
package metric

import (
	"context"
	"strings"
	"time"
)

// Name is what is measured.
type Name string

// The names. A count is of an invocation; a lag is from when something was due
// until somebody began on it.
const (
	Messages          Name = "Messages"          // Of a queue, by function and outcome: done, back.
	MessageLag        Name = "MessageLag"        // By function.
	SweepRuns         Name = "SweepRuns"         // Of a job, by function and outcome: done, failed.
	SweepFound        Name = "SweepFound"        // Entries that a sweep found due, by index.
	SweepSent         Name = "SweepSent"         // Those of them that it sent, by index.
	QueueDepth        Name = "QueueDepth"        // Messages that wait, by index.
	BacklogAge        Name = "BacklogAge"        // Of the oldest that could not be sent, by index.
	Refreshes         Name = "Refreshes"         // Attempts, by connector and outcome: ok, refused, unavailable, uncertain.
	RefreshDuration   Name = "RefreshDuration"   // Of an attempt, by connector.
	Probes            Name = "Probes"            // By connector and the outcome of package catalog.
	AuditFailures     Name = "AuditFailures"     // Records that could not be written, so that an action was refused.
	AuditBroken       Name = "AuditBroken"       // Breaks found in what was recorded.
	LeaseAnomalies    Name = "LeaseAnomalies"    // Leases out of the ordinary.
	ProviderTrouble   Name = "ProviderTrouble"   // Beginnings, by outcome: outage, refusals.
	AWSThrottles      Name = "AWSThrottles"      // Attempts of calls to AWS that it throttled.
	Untold            Name = "Untold"            // Events the bus did not take, left to the reconciler.
	Mails             Name = "Mails"             // By outcome: sent, failed.
	Deliveries        Name = "Deliveries"        // To webhooks, by outcome: delivered, failed, given_up.
	Reminders         Name = "Reminders"         // Of what lapses, by outcome: sent, failed.
	KillStopped       Name = "KillStopped"       // Connections that a kill switch stopped.
	StuckOffboardings Name = "StuckOffboardings" // Runs of removals of tenants that failed, or still waited after a day.
	KillLeft          Name = "KillLeft"          // Connections that it could not stop yet, or whose credential is still to be revoked.
)

var known = map[Name]bool{
	Messages: true, MessageLag: true, SweepRuns: true, SweepFound: true, SweepSent: true, QueueDepth: true, BacklogAge: true,
	Refreshes: true, RefreshDuration: true, Probes: true, AuditFailures: true, AuditBroken: true, LeaseAnomalies: true, ProviderTrouble: true, AWSThrottles: true, Untold: true,
	Mails: true, Deliveries: true, Reminders: true, KillStopped: true, KillLeft: true, StuckOffboardings: true,
}

// Dimension says of what something was measured. Only this package makes one
// that counts.
type Dimension struct{ key, value string }

// The keys of the dimensions.
const (
	KeyFunction  = "function"
	KeyConnector = "connector"
	KeyIndex     = "index"
	KeyOutcome   = "outcome"
)

// Function is the name of a route.
func Function(name string) Dimension { return Dimension{KeyFunction, name} }

// Connector is the id of one.
func Connector(id string) Dimension { return Dimension{KeyConnector, id} }

// Index is a due-index.
func Index(name string) Dimension { return Dimension{KeyIndex, name} }

// Outcome is one of the few words that the name's comment lists.
func Outcome(word string) Dimension { return Dimension{KeyOutcome, word} }

// plain reports whether a value looks like an identifier written in the code or
// the catalog: up to 64 lower-case letters, digits, "_", "." and "-", of which the
// first is a letter. What is longer, or looks otherwise, came from outside.
func plain(value string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	return value != "" && len(value) <= 64 && strings.ContainsRune(letters, rune(value[0])) && strings.Trim(value, letters+"0123456789_.-") == ""
}

// Count adds n to a name.
func Count(ctx context.Context, name Name, n int, of ...Dimension) {
	if e := from(ctx); e != nil {
		e.Count(name, n, of...)
	}
}

// Duration measures how long something took, or how late it was. Less than none
// is none.
func Duration(ctx context.Context, name Name, d time.Duration, of ...Dimension) {
	if e := from(ctx); e != nil {
		e.Duration(name, d, of...)
	}
}

// Gauge measures how much of something there is now.
func Gauge(ctx context.Context, name Name, n int, of ...Dimension) {
	if e := from(ctx); e != nil {
		e.Gauge(name, n, of...)
	}
}

type key struct{}

// With returns a context in which e measures.
func With(ctx context.Context, e *Emitter) context.Context { return context.WithValue(ctx, key{}, e) }

func from(ctx context.Context) *Emitter {
	e, _ := ctx.Value(key{}).(*Emitter)
	return e
}
