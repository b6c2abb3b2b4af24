package notify

// The event types.
const (
	ConnectionConnected     = "connection.connected"
	ConnectionPromoted      = "connection.promoted"
	ConnectionStatus        = "connection.status"
	ConnectionStale         = "connection.stale"
	ConnectionDeleted       = "connection.deleted"
	ConnectionExpiring      = "connection.expiring" // Not in the catalogue: expiration.due takes its place.
	ExpirationDue           = "expiration.due"
	RotationDue             = "rotation.due"
	LeaseAnomaly            = "lease.anomaly"
	KillSwitchFinished      = "kill_switch.finished"
	AuditVerified           = "audit.verified"
	AuditBroken             = "audit.broken"
	TemplateClientRefused   = "template.client_refused"
	WebhookEndpointDisabled = "webhook_endpoint.disabled"
	WebhookTest             = "webhook.test"
	ProviderOutage          = "provider.outage"   // Resource is the provider; phase says began or ended.
	ProviderRefusals        = "provider.refusals" // So many at once that none is believed.
)

// Type is one row of the catalogue.
type Type struct {
	Name         string
	Says         string // One sentence.
	Resource     string // What the identifier of the resource begins with: "con_"; empty for a name.
	Sample       string // A resource, for the sample.
	Members      []Member
	Organization bool // Told to the tenant org alone.
	Mail         Mails
}

// Mails says which of a tenant's settings lets an event be mailed to its admins.
type Mails int

// The settings.
const (
	NoMail        Mails = iota
	WithReminders       // tenant.Settings.Reminders.
	WithNotices         // tenant.Settings.Notices.
)

// Member is one member of an event's detail. A value is text of at most 64
// characters: a code, or what its format says.
type Member struct {
	Name     string
	Says     string
	Sample   string
	Values   []string // Those allowed; none allows every code.
	Format   Format
	Optional bool
}

// Format is that of a value.
type Format string

// The formats.
const (
	Code   Format = ""          // Lower-case words, such as a connector or a reason.
	Number Format = "number"    // Digits.
	Time   Format = "date-time" // RFC 3339.
)

// Types returns the catalogue: every event the service publishes.
func Types() []Type {
	connector := Member{Name: "connector", Says: "The connector of the connection.", Sample: "salesforce"}
	phase := Member{Name: "phase", Says: "Whether it began or ended.", Sample: "began", Values: []string{"began", "ended"}}
	return []Type{
		{
			Name: ConnectionConnected, Says: "A connection has a working credential: it was connected, reconnected or given a new key.",
			Resource: "con_", Members: []Member{connector},
		},
		{
			Name: ConnectionPromoted, Says: "A saved credential of a connection became the one in use.",
			Resource: "con_", Members: []Member{connector, {Name: "version", Says: "That of the credential.", Sample: "2", Format: Number}},
		},
		{
			Name: ConnectionStatus, Says: "The status of a connection changed.", Resource: "con_", Mail: WithNotices,
			Members: []Member{
				connector,
				{Name: "status", Says: "The status now.", Sample: "degraded", Values: statuses()},
				{Name: "reason", Says: "Why it is not active.", Sample: "reauth_required", Values: reasons()},
				{Name: "previous", Says: "The status before.", Sample: "active", Values: statuses()},
			},
		},
		{
			Name: ConnectionStale, Says: "Nobody has used a connection for as long as the tenant's settings allow.", Resource: "con_", Mail: WithNotices,
			Members: []Member{
				connector,
				{Name: "lastUsedAt", Says: "When it was last used, if ever.", Sample: "2026-08-01T09:00:00Z", Format: Time, Optional: true},
				{Name: "days", Says: "Days since then.", Sample: "111", Format: Number, Optional: true},
				{Name: "disablesAt", Says: "When it is disabled and revoked, if the settings say so.", Sample: "2026-12-04T09:00:00Z", Format: Time, Optional: true},
			},
		},
		{
			Name: ConnectionDeleted, Says: "A connection and its credential are gone.", Resource: "con_",
			Members: []Member{connector, {
				Name: "revocation", Says: "What the system said to the revocation.", Sample: "revoked",
				Values: []string{"revoked", "not_supported", "pending", "failed", "nothing_to_revoke"},
			}},
		},
		{
			Name: ExpirationDue, Says: "Something lapses within the days of the tenant's reminders.", Mail: WithReminders, Sample: sampleConnection,
			Members: []Member{
				{Name: "connector", Says: "That of the connection, where it is one.", Sample: "salesforce", Optional: true},
				{Name: "kind", Says: "What lapses.", Sample: "credential", Optional: true},
				{Name: "lapsesAt", Says: "When.", Sample: "2026-12-04T09:00:00Z", Format: Time},
				{Name: "daysBefore", Says: "The reminder this is: days before that.", Sample: "14", Format: Number},
			},
		},
		{
			Name: RotationDue, Says: "A credential is as old as the tenant's settings let it become.", Mail: WithReminders, Sample: sampleConnection,
			Members: []Member{
				{Name: "connector", Says: "That of the connection, where it is one.", Sample: "salesforce", Optional: true},
				{Name: "kind", Says: "What is to be rotated.", Sample: "credential", Optional: true},
				{Name: "setAt", Says: "Since when it is in use.", Sample: "2026-08-22T09:00:00Z", Format: Time, Optional: true},
				{Name: "ageDays", Says: "Its age in days.", Sample: "90", Format: Number, Optional: true},
				{Name: "dueAt", Says: "When it reached that age.", Sample: "2026-11-20T09:00:00Z", Format: Time, Optional: true},
			},
		},
		{
			Name: LeaseAnomaly, Says: "Credentials of a connection are leased in a way they never were.", Resource: "con_", Mail: WithNotices,
			Members: []Member{
				{Name: "connector", Says: "The connector of the connection.", Sample: "salesforce", Optional: true},
				{Name: "reason", Says: "What is unusual.", Sample: "rate"},
				{Name: "count", Says: "Leases in the time looked at.", Sample: "840", Format: Number, Optional: true},
				{Name: "usual", Says: "Leases in such a time until now.", Sample: "12", Format: Number, Optional: true},
			},
		},
		{
			Name: KillSwitchFinished, Says: "A kill switch has gone over everything it names.", Sample: "kil_01M7VZGC000000000000000001",
			Members: []Member{
				{Name: "scope", Says: "What was switched off.", Sample: "tenant", Optional: true},
				{Name: "connector", Says: "The connector, where it was one.", Sample: "salesforce", Optional: true},
				{Name: "connections", Says: "How many connections it went over.", Sample: "40", Format: Number, Optional: true},
				{Name: "failed", Says: "How many of them it could not switch off.", Sample: "0", Format: Number, Optional: true},
			},
		},
		{Name: AuditVerified, Says: "The seals of the audit were verified and hold.", Sample: "acme", Members: verification()},
		{Name: AuditBroken, Says: "The audit does not match its seals.", Sample: "acme", Mail: WithNotices, Members: verification()},
		{
			Name: TemplateClientRefused, Says: "A system refuses the OAuth client of a template.", Resource: "tpl_",
			Members: []Member{connector, {Name: "reason", Says: "How it refuses.", Sample: "oauth_client_refused"}},
		},
		{
			Name: WebhookEndpointDisabled, Says: "An endpoint took nothing for a day, or said that it is gone, and was disabled.", Resource: "whe_", Mail: WithNotices,
			Members: []Member{{Name: "reason", Says: "Why.", Sample: "failing", Values: []string{"failing", "gone"}}},
		},
		{Name: WebhookTest, Says: "Somebody tests an endpoint.", Resource: "whe_"},
		{Name: ProviderOutage, Says: "The token endpoint of a system stopped answering, or answers again.", Sample: "salesforce", Organization: true, Members: []Member{phase}},
		{
			Name: ProviderRefusals, Says: "A system refuses so many credentials at once that none of it is believed.", Sample: "salesforce", Organization: true,
			Members: []Member{phase},
		},
	}
}

const sampleConnection = "con_01M7VZGC000000000000000001"

func statuses() []string { return []string{"active", "degraded", "disabled", "pending"} }

// reasons are those of package connection; an active connection has none.
func reasons() []string {
	return []string{
		"", "reauth_required", "permissions", "expired", "verification_failed", "provider_outage", "rate_limited", "refresh_response_lost",
		"key_unavailable", "disabled", "deleting", "handoff_open", "handoff_expired", "denied", "no_credential",
	}
}

func verification() []Member {
	return []Member{
		{Name: "reason", Says: "What does not match.", Sample: "entry_changed", Optional: true},
		{Name: "from", Says: "The first entry or seal that was looked at.", Sample: "1", Optional: true},
		{Name: "to", Says: "The last.", Sample: "1024", Optional: true},
		{Name: "entries", Says: "How many entries.", Sample: "1024", Format: Number, Optional: true},
		{Name: "until", Says: "Up to when the audit was looked at.", Sample: "2026-11-20T09:00:00Z", Format: Time, Optional: true},
	}
}
