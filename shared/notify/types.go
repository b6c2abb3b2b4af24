package notify

// The event types.
const (
	ConnectionConnected     = "connection.connected"
	ConnectionPromoted      = "connection.promoted"
	ConnectionAccount       = "connection.account_changed"
	ConnectionStatus        = "connection.status"
	ConnectionStale         = "connection.stale"
	ConnectionDeleted       = "connection.deleted"
	ExpirationDue           = "expiration.due"
	RotationDue             = "rotation.due"
	LeaseAnomaly            = "lease.anomaly"
	KillSwitchFinished      = "kill_switch.finished"
	AuditVerified           = "audit.verified"
	AuditBroken             = "audit.broken"
	TemplateClientRefused   = "template.client_refused"
	WebhookEndpointDisabled = "webhook_endpoint.disabled"
	WebhookTest             = "webhook.test"
	TenantSuspended         = "tenant.suspended"
	TenantResumed           = "tenant.resumed"
	TenantOffboarded        = "tenant.offboarded"
	ProviderOutage          = "provider.outage"   // Resource is the provider; phase says began or ended.
	ProviderRefusals        = "provider.refusals" // So many at once that none is believed.
	EgressChanged           = "egress.changed"
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
	Code      Format = ""          // Lower-case words, such as a connector or a reason.
	Number    Format = "number"    // Digits.
	Time      Format = "date-time" // RFC 3339.
	Addresses Format = "addresses" // IP addresses between commas, at most 16; empty for none.
)

// Types returns the catalogue: every event the service publishes.
func Types() []Type {
	connector := Member{Name: "connector", Says: "The connector of the connection.", Sample: "salesforce"}
	phase := Member{Name: "phase", Says: "Whether it began or ended.", Sample: "began", Values: []string{"began", "ended"}}
	endpoint := Member{Name: "endpoint", Says: "Its token endpoint or its API.", Sample: "token", Values: []string{"token", "api"}}
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
			Name: ConnectionAccount, Says: "Another account of the system was chosen for a connection, or the first one.", Resource: "con_",
			Members: []Member{connector, {Name: "previous", Says: "Whether there was another before.", Sample: "pinned", Values: []string{"none", "pinned"}}},
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
				{Name: "lastUsedAt", Says: "When it was last used, to the day; of one that never was, when it was connected.", Sample: "2026-08-01T00:00:00Z", Format: Time},
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
				{Name: "connector", Says: "That of the connection or template, or whose change it is.", Sample: "salesforce", Optional: true},
				{Name: "kind", Says: "What lapses.", Sample: "credential"},
				{Name: "renewal", Says: "Whether it renews by itself or needs a person.", Sample: "person", Values: []string{"automatic", "person"}},
				{Name: "lapsesAt", Says: "When.", Sample: "2026-12-04T09:00:00Z", Format: Time},
				{Name: "daysBefore", Says: "The reminder this is: days before that.", Sample: "14", Format: Number},
			},
		},
		{
			Name: RotationDue, Says: "A key is as old as the tenant's settings let it become.", Mail: WithReminders, Sample: sampleConnection,
			Members: []Member{
				{Name: "connector", Says: "That of the connection.", Sample: "salesforce", Optional: true},
				{Name: "setAt", Says: "Since when it is in use.", Sample: "2026-08-22T09:00:00Z", Format: Time},
				{Name: "ageDays", Says: "Its age in days.", Sample: "90", Format: Number},
			},
		},
		{
			Name: LeaseAnomaly, Says: "A caller leased many more connections in an hour than it does; the audit says which caller.", Sample: "audit", Mail: WithNotices,
			Members: []Member{
				{Name: "connections", Says: "Distinct connections it leased.", Sample: "840", Format: Number},
				{Name: "leases", Says: "How often it leased.", Sample: "900", Format: Number},
				{Name: "baseline", Says: "Distinct connections it leases in an hour otherwise.", Sample: "12", Format: Number},
			},
		},
		{
			Name: KillSwitchFinished, Says: "A kill switch has gone over everything it names.", Resource: "kls_", Sample: "kls_01M7VZGC000000000000000001",
			Members: []Member{
				{Name: "scope", Says: "What was switched off.", Sample: "tenant", Values: []string{"tenant", "connector", "stage"}},
				{Name: "connector", Says: "The connector, where it was one.", Sample: "salesforce", Optional: true},
				{Name: "total", Says: "How many connections it went over.", Sample: "40", Format: Number},
				{Name: "disabled", Says: "How many it disabled.", Sample: "40", Format: Number},
				{Name: "revoked", Says: "How many credentials the systems revoked.", Sample: "38", Format: Number},
				{Name: "irrevocable", Says: "How many could not be revoked: they have to be at the system.", Sample: "2", Format: Number},
			},
		},
		{
			Name: AuditVerified, Says: "A tenant's whole audit matches its seals. Who keeps the event has an anchor outside of the service.", Sample: "audit",
			Members: []Member{
				{Name: "seals", Says: "How many seals.", Sample: "12", Format: Number},
				{Name: "entries", Says: "How many entries.", Sample: "1024", Format: Number},
				{Name: "seq", Says: "The number of the last seal.", Sample: "12", Format: Number},
				{Name: "head", Says: "The hash of the last seal.", Sample: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
			},
		},
		{
			Name: AuditBroken, Says: "The audit does not match its seals.", Sample: "audit", Mail: WithNotices,
			Members: []Member{
				{Name: "seq", Says: "The number of the seal that does not match.", Sample: "7", Format: Number},
				{Name: "what", Says: "What is wrong.", Sample: "missing", Values: []string{"missing", "altered", "added", "seal"}},
				{Name: "entry", Says: "The first entry that is wrong, if it is one.", Sample: "aud_01M7VZGC000000000000000001", Optional: true},
			},
		},
		{
			Name: TemplateClientRefused, Says: "A system refuses the OAuth client of a template.", Resource: "tpl_",
			Members: []Member{connector, {Name: "reason", Says: "How it refuses.", Sample: "oauth_client_refused"}},
		},
		{
			Name: WebhookEndpointDisabled, Says: "An endpoint took nothing for a day, or said that it is gone, and was disabled.", Resource: "whe_", Mail: WithNotices,
			Members: []Member{{Name: "reason", Says: "Why.", Sample: "failing", Values: []string{"failing", "gone"}}},
		},
		{Name: WebhookTest, Says: "Somebody tests an endpoint.", Resource: "whe_"},
		{
			Name: TenantSuspended, Says: "A tenant's key cannot be used: nothing of it is leased. The organization is told as well.", Sample: "acme", Mail: WithNotices,
			Members: []Member{{Name: "reason", Says: "Why.", Sample: "key_unavailable", Values: []string{"key_unavailable"}}},
		},
		{
			Name: TenantResumed, Says: "A tenant's key can be used again.", Sample: "acme", Mail: WithNotices,
			Members: []Member{{Name: "since", Says: "Since when it could not.", Sample: "2026-11-20T09:00:00Z", Format: Time}},
		},
		{
			Name: TenantOffboarded, Says: "A tenant is removed: nothing it had can be opened any more.", Sample: "acme", Organization: true,
			Members: []Member{
				{Name: "connections", Says: "How many connections it had.", Sample: "40", Format: Number},
				{Name: "revoked", Says: "How many credentials the systems revoked.", Sample: "38", Format: Number},
				{Name: "irrevocable", Says: "How many could not be revoked: they have to be at the system.", Sample: "2", Format: Number},
				{Name: "keyDeletionAt", Says: "When KMS deletes its key.", Sample: "2026-12-20T09:00:00Z", Format: Time, Optional: true},
			},
		},
		{
			Name: ProviderOutage, Says: "A system stopped answering properly, or answers again.", Sample: "salesforce", Organization: true,
			Members: []Member{phase, endpoint},
		},
		{
			Name: ProviderRefusals, Says: "A system refuses so many credentials at once that none of it is believed.", Sample: "salesforce", Organization: true,
			Members: []Member{phase, endpoint},
		},
		{
			Name: EgressChanged, Says: "Calls to systems come from other addresses than before.", Sample: "egress", Organization: true,
			Members: []Member{
				{Name: "added", Says: "The addresses that are new.", Sample: "198.51.100.7,198.51.100.8", Format: Addresses},
				{Name: "removed", Says: "The addresses that are none any more.", Sample: "", Format: Addresses},
			},
		},
	}
}

const sampleConnection = "con_01M7VZGC000000000000000001"

func statuses() []string { return []string{"active", "degraded", "disabled", "pending"} }

// reasons are those of package connection; an active connection has none.
func reasons() []string {
	return []string{
		"", "reauth_required", "permissions", "expired", "verification_failed", "provider_outage", "rate_limited", "refresh_response_lost",
		"key_unavailable", "disabled", "kill_switch", "stale", "inputs_changed", "deleting", "handoff_open", "handoff_expired", "denied", "no_credential", "account_required",
	}
}
