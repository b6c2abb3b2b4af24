package servers_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// attempt is a login and what comes of it.
type attempt struct {
	name    string
	host    string // Default host.
	values  []string
	outcome catalog.Outcome
	message string
}

// attempts are the same at every database: what is wrong about the connection
// is told apart from what is wrong about the login.
func attempts(ca, foreign *serverstest.Authority) []attempt {
	trusted := func(pairs ...string) []string { return append([]string{method.ValueAuthority, ca.PEM}, pairs...) }
	return []attempt{
		{"works", "", trusted(), catalog.OK, ""},
		{"works with a database", "", trusted("database", "orders"), catalog.OK, ""},
		{"SSR-09 the authority is foreign", "", []string{"ca", foreign.PEM}, catalog.TLSError, ""},
		{"SSR-09 the authority is none of the system's", "", nil, catalog.TLSError, ""},
		{"SSR-09 the name is another", otherHost, trusted(), catalog.TLSError, ""},
		{"verify-ca does not compare the name", otherHost, trusted("tlsMode", "verify-ca"), catalog.OK, ""},
		{"verify-ca checks the authority", "", []string{"ca", foreign.PEM, "tlsMode", "verify-ca"}, catalog.TLSError, ""},
		{"require checks nothing", otherHost, []string{"tlsMode", "require"}, catalog.OK, ""},
		{"wrong password", "", trusted("password", "wrong-"+canary), catalog.AuthError, ""},
		{"unknown user", "", trusted("username", "eve-"+canary), catalog.AuthError, ""},
		{"no database of the name", "", trusted("username", "admin", "database", "none-"+canary), catalog.Unknown, "The database does not exist."},
		{"no permission", "", trusted("database", "closed"), catalog.PermissionError, ""},
		{"too many connections", "", trusted("username", "busy"), catalog.RateLimited, ""},
	}
}

func attemptAll(t *testing.T, protocol string, p *serverstest.Peer, all []attempt) {
	t.Helper()
	for _, a := range all {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			l := login(protocol, "15000", a.values...)
			if a.host != "" {
				l.Host = a.host
			}
			got := prove(t, p.Address(), l)
			if got.Outcome != a.outcome || got.Message != a.message {
				t.Errorf("got %s %q, want %s %q", got.Outcome, got.Message, a.outcome, a.message)
			}
			if want := l.Values["username"].Reveal() + "@" + l.Host; got.Outcome == catalog.OK && got.AccountID != want {
				t.Errorf("account %q, want %q", got.AccountID, want)
			}
		})
	}
}
