package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// person is how somebody behaves at the provider.
type person struct {
	account string // At the demo CRM: alice or bob.
	denies  bool
}

// authorize asks for a handoff and returns its start link.
func authorize(t *testing.T, a *actor, in api.Authorize) string {
	t.Helper()
	handoff := call(t, a, routes.ConnectionAuthorize, in)
	link, err := url.Parse(handoff.StartURL)
	if err != nil {
		t.Fatal(err)
	}
	a.e.secrets.add("ticket", link.Query().Get("ticket"))
	return handoff.StartURL
}

// begin opens the start link, agrees there, and returns where the product sends
// the browser.
func (b *browser) begin(t *testing.T, startURL string) string {
	t.Helper()
	start := b.open(t, startURL, nil)
	if start.status != http.StatusOK {
		t.Fatalf("start page: got %d %s", start.status, text(start.body))
	}
	form := url.Values{"form": {hidden(start.body)["form"]}}
	confirmed := b.open(t, strings.SplitN(startURL, "?", 2)[0], form)
	if confirmed.status != http.StatusSeeOther {
		t.Fatalf("confirm: got %d %s, want 303", confirmed.status, text(confirmed.body))
	}
	return confirmed.location(t)
}

// consent goes through the provider's pages until it sends the browser back,
// and returns that address.
func (b *browser) consent(t *testing.T, address string, who person) string {
	t.Helper()
	for range 15 {
		if strings.HasPrefix(address, b.e.base+"/v1/oauth/callback/") {
			returned, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			b.e.secrets.add("authorization code", returned.Query().Get("code"))
			return address
		}
		shown := b.open(t, address, nil)
		if shown.status == http.StatusOK {
			shown = b.decide(t, shown, who)
		}
		address = shown.location(t)
	}
	t.Fatal("the provider redirects for ever")
	return ""
}

// decide sends the consent form of the demo CRM.
func (b *browser) decide(t *testing.T, shown page, who person) page {
	t.Helper()
	form := url.Values{"account": {who.account}, "decision": {"allow"}}
	if who.denies {
		form.Set("decision", "deny")
	}
	for name, value := range hidden(shown.body) {
		form.Set(name, value)
	}
	address := *shown.address
	address.RawQuery = ""
	return b.open(t, address.String(), form)
}

// walk does all of a handoff and returns the page it ends on.
func (b *browser) walk(t *testing.T, startURL string, who person) page {
	t.Helper()
	return b.open(t, b.consent(t, b.begin(t, startURL), who), nil)
}

// connect walks alice through a handoff that must succeed.
func connect(t *testing.T, a *actor, connectionID string) {
	t.Helper()
	end := newBrowser(a.e).walk(t, authorize(t, a, api.Authorize{ConnectionID: connectionID}), person{account: "alice"})
	if end.status != http.StatusOK || !strings.Contains(end.body, "The account is connected") {
		t.Fatalf("end of the handoff: got %d %s", end.status, text(end.body))
	}
}
