package mail

import (
	"fmt"

	"github.com/tenonhq/tenon/shared/notify"
)

// words are the subject and the paragraphs of the mail about an event; no subject
// means that none is made of its type.
func words(a About, name string) (string, []string) {
	detail := a.Event.Detail
	switch a.Event.Type {
	case notify.ConnectionStatus:
		return fmt.Sprintf("The connection \"%s\" needs attention", name), []string{a.Message, "Until then nothing can be done with the account."}
	case notify.ConnectionStale:
		return fmt.Sprintf("Nobody uses the connection \"%s\"", name), stale(detail)
	case notify.ExpirationDue:
		return expiring(detail["kind"], name, day(detail["lapsesAt"]))
	case notify.RotationDue:
		return fmt.Sprintf("The credential of \"%s\" is due for rotation", name), []string{
			"It is as old as your settings let a credential become. Make a new one at the system, save it, and withdraw the old one there.",
		}
	case notify.LeaseAnomaly:
		return fmt.Sprintf("Unusual use of the connections of %s", a.Event.Tenant), []string{
			fmt.Sprintf("A caller leased the credentials of %s connections within an hour, which usually leases those of %s.", detail["connections"], detail["baseline"]),
			"The audit says who it is. If you do not know why, revoke the caller's token and stop the connections with the kill switch.",
		}
	case notify.WebhookEndpointDisabled:
		return fmt.Sprintf("The webhook endpoint at %s was disabled", name), disabled(detail["reason"])
	case notify.TenantSuspended:
		return fmt.Sprintf("The key of %s cannot be used", a.Event.Resource), []string{
			"Nothing is leased, refreshed or connected until it can: its KMS key is disabled, pending deletion or gone. Those who run the service can enable it.",
			"What is running with credentials that were leased before goes on until these expire.",
		}
	case notify.TenantResumed:
		return fmt.Sprintf("The key of %s can be used again", a.Event.Resource), []string{"Everything is served as before. Nothing has to be reconnected."}
	case notify.AuditBroken:
		return fmt.Sprintf("The audit of %s does not match its seals", a.Event.Tenant), []string{
			"Entries of the audit were changed or are missing. Keep what you have exported, and tell those who run the service.",
		}
	}
	return "", nil
}

func stale(detail map[string]string) []string {
	first := "It has not been used for as long as your settings allow."
	if detail["lastUsedAt"] != "" {
		first = fmt.Sprintf("It was last used on %s.", day(detail["lastUsedAt"]))
	}
	then := "Delete it if it is not needed any more: a credential that nobody uses is one that nobody misses when it is stolen."
	if detail["disablesAt"] != "" {
		then += fmt.Sprintf(" If it stays unused it is disabled and revoked on %s.", day(detail["disablesAt"]))
	}
	return []string{first, then}
}

func disabled(reason string) []string {
	first := "It took no event for a day."
	if reason == "gone" {
		first = "It answered that it is gone for good."
	}
	return []string{first, "No events are sent to it any more, and what waited was dropped. Mend it, test it, and enable it again."}
}
