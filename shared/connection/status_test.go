package connection_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestStatusOf(t *testing.T) {
	t.Parallel()
	valid := &connection.Credential{ExpiresAt: now.Add(time.Hour)}
	expired := &connection.Credential{ExpiresAt: now}
	renewable := &connection.Credential{ExpiresAt: now, Refreshable: true}
	open := &connection.Handoff{ExpiresAt: now.Add(time.Minute)}
	over := &connection.Handoff{ExpiresAt: now}
	for name, c := range map[string]struct {
		connection connection.Connection
		status     string
		reason     connection.Reason
		remedy     string
	}{
		"active":                  {connection.Connection{Lifecycle: connection.Ready, Credential: valid, Health: connection.Health{Ring: "ooooo"}}, "active", "", ""},
		"never called":            {connection.Connection{Lifecycle: connection.Ready, Credential: valid}, "active", "", ""},
		"no expiry known":         {connection.Connection{Lifecycle: connection.Ready, Credential: &connection.Credential{}}, "active", "", ""},
		"token to be renewed":     {connection.Connection{Lifecycle: connection.Ready, Credential: renewable}, "active", "", ""},
		"key expired":             {connection.Connection{Lifecycle: connection.Ready, Credential: expired}, "degraded", connection.ReasonExpired, "reconnect"},
		"no credential":           {connection.Connection{Lifecycle: connection.Ready}, "degraded", connection.ReasonNoCredential, "reconnect"},
		"account to be chosen":    {connection.Connection{Lifecycle: connection.Ready, Credential: valid, AccountRequired: true}, "degraded", connection.ReasonAccountRequired, "fix_input"},
		"key expired, no account": {connection.Connection{Lifecycle: connection.Ready, Credential: expired, AccountRequired: true}, "degraded", connection.ReasonExpired, "reconnect"},
		"reason before calls":     {ready(valid, connection.ReasonReauthRequired, "ooooo"), "degraded", connection.ReasonReauthRequired, "reconnect"},
		"reason before expiry":    {ready(expired, connection.ReasonKeyUnavailable, ""), "degraded", connection.ReasonKeyUnavailable, "contact_admin"},
		"lost answer":             {ready(renewable, connection.ReasonLostAnswer, ""), "degraded", connection.ReasonLostAnswer, "reconnect"},
		"expiry before calls":     {ready(expired, "", "p"), "degraded", connection.ReasonExpired, "reconnect"},
		"permission missing":      {ready(valid, "", "poooo"), "degraded", connection.ReasonPermissions, "grant_permissions"},
		"failing, not for long":   {ready(valid, "", "srntr"), "active", "", ""},
		"failing for long":        {troubled(connection.ReasonProviderOutage, "sss"), "degraded", connection.ReasonProviderOutage, "retry"},
		"limited for long":        {troubled(connection.ReasonRateLimited, "osrrr"), "degraded", connection.ReasonRateLimited, "retry"},
		"permission before that":  {troubled(connection.ReasonRateLimited, "prrr"), "degraded", connection.ReasonPermissions, "grant_permissions"},
		"permission after that":   {troubled(connection.ReasonRateLimited, "rprr"), "degraded", connection.ReasonRateLimited, "retry"},
		"refused":                 {ready(valid, "", "a"), "degraded", connection.ReasonVerificationFailed, "fix_input"},
		"not understood":          {ready(valid, "", "u"), "degraded", connection.ReasonVerificationFailed, "fix_input"},
		"the newest failure":      {ready(valid, "", "oprs"), "degraded", connection.ReasonPermissions, "grant_permissions"},
		"the fifth counts":        {ready(valid, "", "oooop"), "degraded", connection.ReasonPermissions, "grant_permissions"},
		"the sixth does not":      {ready(valid, "", "ooooop"), "active", "", ""},
		"paused":                  {connection.Connection{Lifecycle: connection.Disabled, Credential: valid, Health: connection.Health{Reason: connection.ReasonExpired, Ring: "s"}}, "disabled", connection.ReasonDisabled, ""},
		"being deleted":           {connection.Connection{Lifecycle: connection.Deleting, Credential: valid}, "disabled", connection.ReasonDeleting, ""},
		"handoff open":            {connection.Connection{Lifecycle: connection.Pending, Handoff: open}, "pending", connection.ReasonHandoffOpen, ""},
		"handoff over":            {connection.Connection{Lifecycle: connection.Pending, Handoff: over}, "pending", connection.ReasonHandoffExpired, "reconnect"},
		"handoff declined":        {connection.Connection{Lifecycle: connection.Pending, Handoff: open, Health: connection.Health{Reason: connection.ReasonHandoffDenied}}, "pending", connection.ReasonHandoffDenied, "reconnect"},
		"no handoff yet":          {connection.Connection{Lifecycle: connection.Pending}, "pending", connection.ReasonNoCredential, "reconnect"},
		"nobody came in time":     {ready(nil, connection.ReasonHandoffExpired, ""), "degraded", connection.ReasonHandoffExpired, "reconnect"},
		"reconnect still working": {connection.Connection{Lifecycle: connection.Ready, Credential: valid, Handoff: open}, "active", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := connection.StatusOf(&c.connection, now)
			if got.Name != c.status || got.Reason != c.reason || got.Remedy != c.remedy {
				t.Errorf("got %s (%s), remedy %q; want %s (%s), %q", got.Name, got.Reason, got.Remedy, c.status, c.reason, c.remedy)
			}
			if (got.Message == "") != (got.Name == connection.StatusActive) {
				t.Errorf("message of %s: got %q", got.Name, got.Message)
			}
		})
	}
}

func ready(k *connection.Credential, reason connection.Reason, ring string) connection.Connection {
	return connection.Connection{Lifecycle: connection.Ready, Credential: k, Health: connection.Health{Reason: reason, Ring: ring}}
}

// troubled is a connection to a system that has been failing for so long that it
// is told.
func troubled(trouble connection.Reason, ring string) connection.Connection {
	c := ready(&connection.Credential{}, "", ring)
	c.Health.Trouble = trouble
	return c
}

// Product: every status other than active carries a reason and a sentence.
func TestEveryOtherStatusExplainsItself(t *testing.T) {
	t.Parallel()
	reasons := []connection.Reason{
		connection.ReasonNone, connection.ReasonReauthRequired, connection.ReasonPermissions, connection.ReasonExpired, connection.ReasonVerificationFailed,
		connection.ReasonProviderOutage, connection.ReasonRateLimited, connection.ReasonLostAnswer, connection.ReasonKeyUnavailable, connection.ReasonDisabled,
		connection.ReasonHandoffOpen, connection.ReasonHandoffExpired, connection.ReasonHandoffDenied, connection.ReasonNoCredential,
	}
	remedies := []string{"", "reconnect", "retry", "fix_input", "grant_permissions", "contact_admin"}
	for _, lifecycle := range []connection.Lifecycle{connection.Pending, connection.Ready, connection.Disabled, connection.Deleting} {
		for _, reason := range reasons {
			for _, ring := range []string{"", "o", "a", "p", "r", "s", "n", "t", "u"} {
				for _, k := range []*connection.Credential{nil, {}, {ExpiresAt: now.Add(-1)}} {
					c := ready(k, reason, ring)
					c.Lifecycle = lifecycle
					s := connection.StatusOf(&c, now)
					if s.Name == connection.StatusActive {
						continue
					}
					known := strings.Contains(strings.Join(remedies, " "), s.Remedy)
					needless := s.Remedy == "" && s.Name == connection.StatusDegraded && s.Reason != connection.ReasonDisabled && s.Reason != connection.ReasonHandoffOpen
					if s.Reason == "" || !strings.HasSuffix(s.Message, ".") || !known || needless {
						t.Errorf("%s %q %q: got %+v, want reason, remedy and a sentence", lifecycle, reason, ring, s)
					}
				}
			}
		}
	}
}

func TestRing(t *testing.T) {
	t.Parallel()
	var h connection.Health
	for _, o := range []catalog.Outcome{catalog.OK, catalog.AuthError, catalog.PermissionError, catalog.RateLimited, catalog.ProviderError, catalog.NetworkError, catalog.TLSError, catalog.Unknown, "surprise"} {
		h.Record(o)
	}
	if h.Ring != "uutnsrpao" {
		t.Errorf("ring: got %q, want the newest first, uutnsrpao", h.Ring)
	}
	for range 30 {
		h.Record(catalog.OK)
	}
	if h.Ring != strings.Repeat("o", 20) {
		t.Errorf("ring: got %q, want twenty", h.Ring)
	}
}

// A success takes back evidence that a success contradicts, and never a dead
// credential; a failure takes nothing back.
func TestSuccessAndReason(t *testing.T) {
	t.Parallel()
	for reason, cleared := range map[connection.Reason]bool{
		connection.ReasonReauthRequired: false, connection.ReasonLostAnswer: false, connection.ReasonExpired: false,
		connection.ReasonVerificationFailed: true, connection.ReasonPermissions: true, connection.ReasonKeyUnavailable: true,
		connection.ReasonProviderOutage: true, connection.ReasonHandoffExpired: true,
	} {
		h := connection.Health{Reason: reason}
		h.Record(catalog.ProviderError)
		if h.Reason != reason {
			t.Errorf("%s after a failure: got %q", reason, h.Reason)
		}
		h.Record(catalog.OK)
		if got := h.Reason == connection.ReasonNone; got != cleared {
			t.Errorf("%s cleared by a success: got %v, want %v", reason, got, cleared)
		}
	}
}

func TestUsableAndFresh(t *testing.T) {
	t.Parallel()
	hour := &connection.Credential{ExpiresAt: now.Add(time.Hour)}
	renewable := &connection.Credential{ExpiresAt: now.Add(-time.Hour), Refreshable: true}
	for name, c := range map[string]struct {
		connection    connection.Connection
		usable, fresh bool // Fresh for half an hour.
	}{
		"nothing":          {connection.Connection{}, false, false},
		"valid":            {connection.Connection{Credential: hour, Lease: []byte{1}}, true, true},
		"without copy":     {connection.Connection{Credential: hour}, true, false},
		"half an hour":     {connection.Connection{Credential: &connection.Credential{ExpiresAt: now.Add(30 * time.Minute)}, Lease: []byte{1}}, true, false},
		"expired":          {connection.Connection{Credential: &connection.Credential{ExpiresAt: now}, Lease: []byte{1}}, false, false},
		"no expiry":        {connection.Connection{Credential: &connection.Credential{}, Lease: []byte{1}}, true, true},
		"renewable":        {connection.Connection{Credential: renewable, Lease: []byte{1}}, true, false},
		"dead":             {connection.Connection{Credential: hour, Lease: []byte{1}, Health: connection.Health{Reason: connection.ReasonReauthRequired}}, false, true},
		"only a bad check": {connection.Connection{Credential: hour, Lease: []byte{1}, Health: connection.Health{Reason: connection.ReasonVerificationFailed}}, true, true},
	} {
		if usable, fresh := c.connection.Usable(now), c.connection.Fresh(now, 30*time.Minute); usable != c.usable || fresh != c.fresh {
			t.Errorf("%s: usable %v, fresh %v; want %v, %v", name, usable, fresh, c.usable, c.fresh)
		}
	}
}

// The two words of a page: connected is a credential that can be used now.
func TestConnected(t *testing.T) {
	t.Parallel()
	usable := ready(&connection.Credential{}, "", "")
	paused := usable
	paused.Lifecycle = connection.Disabled
	for name, c := range map[string]struct {
		connection connection.Connection
		want       bool
	}{
		"usable": {usable, true}, "paused": {paused, false}, "outage": {ready(&connection.Credential{}, "", "s"), true},
		"dead": {ready(&connection.Credential{}, connection.ReasonReauthRequired, ""), false}, "none": {ready(nil, "", ""), false},
	} {
		if got := c.connection.API(now).Connected; got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
