package connection

import (
	"strings"
	"time"
)

// Lifecycle is what people and handoffs decided.
type Lifecycle string

// The lifecycles.
const (
	Pending  Lifecycle = "pending"  // No credential yet; a handoff may be open.
	Ready    Lifecycle = "ready"    // Has or had a credential.
	Disabled Lifecycle = "disabled" // Paused by a person.
	Deleting Lifecycle = "deleting" // Being disconnected; refused everywhere.
)

// Reason says why a status is not active.
type Reason string

// The reasons.
const (
	ReasonNone               Reason = ""
	ReasonReauthRequired     Reason = "reauth_required"
	ReasonPermissions        Reason = "permissions"
	ReasonExpired            Reason = "expired"
	ReasonVerificationFailed Reason = "verification_failed"
	ReasonProviderOutage     Reason = "provider_outage"
	ReasonRateLimited        Reason = "rate_limited"
	ReasonLostAnswer         Reason = "refresh_response_lost"
	ReasonKeyUnavailable     Reason = "key_unavailable"
	ReasonDisabled           Reason = "disabled"
	ReasonKillSwitch         Reason = "kill_switch"
	ReasonStale              Reason = "stale"
	ReasonInputsChanged      Reason = "inputs_changed"
	ReasonDeleting           Reason = "deleting"
	ReasonHandoffOpen        Reason = "handoff_open"
	ReasonHandoffExpired     Reason = "handoff_expired"
	ReasonHandoffDenied      Reason = "denied"
	ReasonNoCredential       Reason = "no_credential"
	ReasonAccountRequired    Reason = "account_required"
)

// fatal reports whether the reason means that the credential is dead.
func (r Reason) fatal() bool {
	switch r {
	case ReasonReauthRequired, ReasonLostAnswer, ReasonExpired, ReasonInputsChanged:
		return true
	default:
		return false
	}
}

// Unavailable notes that the stored credential cannot be read, unless more is
// known. The next success takes it back.
func (h *Health) Unavailable() {
	if h.Reason == ReasonNone {
		h.Reason = ReasonKeyUnavailable
	}
}

// Status is what the API says of a connection.
type Status struct {
	Name    string // active, degraded, disabled, pending.
	Reason  Reason
	Remedy  string
	Message string
}

// The public statuses.
const (
	StatusActive   = "active"
	StatusDegraded = "degraded"
	StatusDisabled = "disabled"
	StatusPending  = "pending"
)

// StatusOf derives the public status from the two stored facts. It is the only
// place where a status is decided.
func StatusOf(c *Connection, now time.Time) Status {
	switch {
	case c.Lifecycle == Disabled && c.Cutoff != nil:
		return severed(c.Cutoff)
	case c.Lifecycle == Disabled:
		return status(StatusDisabled, ReasonDisabled)
	case c.Lifecycle == Deleting:
		return status(StatusDisabled, ReasonDeleting)
	case c.Lifecycle == Pending:
		return status(StatusPending, pendingReason(c, now))
	case c.Health.Reason != ReasonNone:
		return status(StatusDegraded, c.Health.Reason)
	case c.Credential == nil:
		return status(StatusDegraded, ReasonNoCredential)
	case !c.Usable(now):
		return status(StatusDegraded, ReasonExpired)
	case c.AccountRequired:
		return status(StatusDegraded, ReasonAccountRequired)
	}
	if len(c.MissingScopes) > 0 {
		return lacking(c.MissingScopes)
	}
	if reason := c.Health.recent(); reason != ReasonNone {
		return status(StatusDegraded, reason)
	}
	return Status{Name: StatusActive}
}

func pendingReason(c *Connection, now time.Time) Reason {
	switch {
	case c.Health.Reason != ReasonNone:
		return c.Health.Reason
	case c.Handoff != nil && now.Before(c.Handoff.ExpiresAt):
		return ReasonHandoffOpen
	case c.Handoff != nil:
		return ReasonHandoffExpired
	default:
		return ReasonNoCredential
	}
}

// advice holds the remedy and the sentence of every reason.
var advice = map[Reason][2]string{
	ReasonReauthRequired:     {"reconnect", "The system no longer accepts the credential. Reconnect the account."},
	ReasonPermissions:        {"grant_permissions", "The account is connected but lacks a permission that calls need."},
	ReasonExpired:            {"reconnect", "The credential has expired. Reconnect the account or save a new key."},
	ReasonVerificationFailed: {"fix_input", "The last check of the account did not succeed."},
	ReasonProviderOutage:     {"retry", "The system is not answering properly at the moment. Nothing needs to be changed."},
	ReasonRateLimited:        {"retry", "The system is limiting calls at the moment."},
	ReasonLostAnswer:         {"reconnect", "The system's answer to a token refresh was lost and the old token is no longer accepted. Reconnect the account."},
	ReasonKeyUnavailable:     {"contact_admin", "The stored credential, or the encryption key of this tenant, cannot be used."},
	ReasonDisabled:           {"", "The connection is paused."},
	ReasonKillSwitch:         {"contact_admin", "Access was cut off by a kill switch. Reconnect the account once that is lifted."},
	ReasonStale:              {"reconnect", "Nobody used the connection for long, so it was disabled and its credential destroyed. Enable it and reconnect the account."},
	ReasonInputsChanged:      {"reconnect", "The address of the system was changed by whoever manages the integration. Reconnect the account."},
	ReasonDeleting:           {"", "The connection is being deleted. It is gone once the system has been told, or cannot be."},
	ReasonHandoffOpen:        {"", "Waiting for the person who connects to finish at the system."},
	ReasonHandoffExpired:     {"reconnect", "The connection was not completed in time. Start again."},
	ReasonHandoffDenied:      {"reconnect", "Access was declined at the system. Start again to grant it."},
	ReasonNoCredential:       {"reconnect", "There is no credential yet. Connect the account."},
	ReasonAccountRequired:    {"fix_input", "The consent reaches several accounts. Choose the one to use."},
}

// severed is the status of what is cut off. A credential that the system was not
// told of lives on there until somebody ends it.
func severed(x *Cutoff) Status {
	s := status(StatusDisabled, x.Reason)
	if x.Irrevocable() {
		s.Message += " The system could not be told: rotate the credential there."
	}
	return s
}

// lacking is the status of what was connected without all that it needs.
func lacking(scopes []string) Status {
	s := status(StatusDegraded, ReasonPermissions)
	s.Message = "The system did not grant what the connection cannot do without: " + strings.Join(scopes, ", ") + ". Connect it again and agree to all of it."
	return s
}

func status(name string, reason Reason) Status {
	a := advice[reason]
	return Status{Name: name, Reason: reason, Remedy: a[0], Message: a[1]}
}
