package functionstest

import "time"

// The tenants of a World besides the organization. Acme has everything below;
// Globex is onboarded and has nothing.
const (
	Acme   = "acme"
	Globex = "globex"
)

// The templates, made at Seeded. Those of Acme have revision 1.
const (
	Salesforce   = "tpl_01M7VZGC000000000000000001" // Acme's, with a client secret.
	Stripe       = "tpl_01M7VZGC000000000000000002" // Acme's.
	Unused       = "tpl_01M7VZGC000000000000000003" // Acme's for HubSpot, with a client secret and no connection.
	Organization = "tpl_01M7VZGC000000000000000004" // The organization's for Salesforce, embedded.
	// CertificateTemplate is that of a system which takes client certificates.
	CertificateTemplate = "tpl_01M7VZGC000000000000000005"
	// XeroTemplate is that of a system which lists accounts.
	XeroTemplate = "tpl_01M7VZGC000000000000000006"
)

// The connections of Acme.
const (
	StripeConnection     = "con_01M7VZGC000000000000000001" // Active, by a key; revision 2.
	SalesforceConnection = "con_01M7VZGC000000000000000002" // Active, by sign-in; revision 2. Its token lives two hours.
	PendingConnection    = "con_01M7VZGC000000000000000003" // By sign-in, not connected; revision 1.
	// Added is the identifier of a connection that a test adds.
	Added = "con_01M7VZGC000000000000000004"
	// CertificateConnection is the one that Certified adds.
	CertificateConnection = "con_01M7VZGC000000000000000005"
	// XeroConnection is the one that Listed adds.
	XeroConnection = "con_01M7VZGC000000000000000006"
)

// SigningKey is the key of Acme in the events, made by Signing.
const SigningKey = "sgk_01M7VZGC000000000000000001"

// KillSwitch is the switch of the events, made by Kill.
const KillSwitch = "kls_01M7VZGC000000000000000001"

// HandoffID is the handoff of PendingConnection in the events. The others are
// its one-time values, of the 256 bits the service draws.
const (
	HandoffID = "hof_01M7W2Y7M00000000000000001"
	Ticket    = "fake-ticket-of-acme-00000000000000000000000"
	Cookie    = "fake-cookie-of-acme-00000000000000000000000"
	Form      = "fake-form-of-acme-0000000000000000000000000"
	state     = "fake-state-of-acme-000000000000000000000000"
)

// StripeKey is the key of StripeConnection, NextStripeKey one that Staged saves.
const (
	StripeKey     = "rk_test_fake_acme_0001"
	NextStripeKey = "rk_test_fake_acme_0002"
	LedgerKey     = "fake-ledger-key-0001" // Of the system that Ledger defines.
)

// ReturnURL is the page of Acme that handoffs may return to.
const ReturnURL = "https://app.acme.example/connections/done"

// Seeded is when the records were made, Now the time of the events.
var (
	Seeded = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	Now    = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
)

// Event returns the place of a sample event, "connection-get" or
// "connection-list.filtered", as seen from a function's directory.
func Event(name string) string { return "../../events/" + name + ".json" }
