package notify

// The events of the audit. Their resource is "audit".
const (
	AuditVerified = "audit.verified" // A tenant's whole chain is sound: seals, entries, seq and head, the hash of its last seal.
	AuditBroken   = "audit.broken"   // What was recorded is not what is stored: seq, what, and the entry if it is one.
	LeaseAnomaly  = "lease.anomaly"  // A caller leased many more connections than it does: actor, connections, leases, baseline.
)
