package bench

// plan is what is measured: an event after the steps that lead to it.
type plan struct {
	name   string // In the table; empty is that of the event.
	before []step
	step   step
}

// plans are how the functions are measured whose event needs more than the
// records of the seed, and what else is measured of them. All others get their
// event as it is.
func plans() []plan {
	ledger := step{event: "connector-put"}
	kill := step{event: "kill-switch-create", as: eventKillSwitch}
	session := step{event: "connect-session-create"}
	page := step{event: "connect-page"}
	staged := step{event: "credential-put", body: stagedKey}
	past := func(name string) []step { return []step{{past: name}} }
	paused := step{event: "flow-update"}
	revised := map[string]string{"if-match": `"1"`}
	return []plan{
		{step: step{event: "connection-create", body: signInConnection}},
		{name: "connection-create, with an API key", step: step{event: "connection-create", body: keyedConnection}},
		{step: step{event: "connection-import", body: `{"items":[{"externalId":"legacy-0001","templateId":"` + eventKeyed + `","name":"Stripe of the old system","credential":{"headerValue":"rk_test_fake_acme_0002"}}]}`}},
		{step: step{event: "connection-authorize", body: authorized()[0].body}},
		{before: authorized(), step: step{event: "oauth-start"}},
		{before: started(), step: step{event: "oauth-confirm"}},
		{before: confirmed(), step: step{event: "oauth-callback"}},
		{before: []step{session}, step: step{event: "connect-session-get"}},
		{before: []step{session}, step: page},
		{before: []step{session, page}, step: step{event: "connect-submit", body: sessionForm}},
		{before: []step{{event: "connection-lease"}}, step: step{event: "connection-lease"}},
		{before: []step{{event: "binding-lease"}}, step: step{event: "binding-lease"}},
		{before: []step{{event: "connection-lease.minimum-lifetime"}}, step: step{event: "connection-lease.minimum-lifetime"}, name: "connection-lease, of a token"},
		{name: "connection-lease, with a refresh", before: past(eventConnected), step: step{event: "connection-lease.minimum-lifetime"}},
		{step: step{event: "credential-put", body: newKey}},
		{before: []step{staged}, step: step{event: "credential-promote"}},
		{before: []step{staged}, step: step{event: "credential-discard"}},
		{step: step{event: "test-credentials-put", body: newKey}},
		{step: step{event: "flow-put", body: orders, header: revised}},
		{before: []step{ledger}, step: step{event: "connector-delete"}},
		{before: []step{kill}, step: step{event: "kill-switch-get"}},
		{before: []step{kill}, step: step{event: "kill-switch-lift"}},
		{before: past(eventConnected), step: step{event: "queue-refresh"}},
		{before: past(eventStatic), step: step{event: "queue-health"}},
		{name: "queue-delivery, nothing due", before: []step{{event: "queue-notify"}}, step: step{event: "queue-delivery"}},
		{name: "queue-expiry, nothing due", step: step{event: "queue-expiry"}},
		{name: "queue-seal, nothing due", step: step{event: "queue-seal"}},
		{name: "queue-status, nothing due", before: []step{{event: "connection-calls"}}, step: step{event: "queue-status"}},
		{before: []step{paused}, step: step{event: "connection-delete"}},
		{name: "queue-reconcile, nothing due", before: []step{paused, {event: "connection-delete"}}, step: step{event: "queue-reconcile"}},
		{name: "queue-tenancy, nothing due", before: []step{{event: "tenant-delete"}}, step: step{event: "queue-tenancy"}},
	}
}
