package walktest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// entry is a world of one scheme.
func entry(t *testing.T, id, schemeID string, setup func(*catalogtest.Provider)) *world {
	t.Helper()
	c, err := catalog.Catalog{Local: true}.Load(id)
	must(t, err)
	s, ok := c.Scheme(schemeID)
	if !ok {
		t.Fatalf("%s has no scheme %s", id, schemeID)
	}
	return newWorld(t, c, s, true, setup)
}

// Salesforce says no lifetime, and which host the org has.
func TestSalesforce(t *testing.T) {
	t.Parallel()
	w := entry(t, "salesforce", handoff, func(p *catalogtest.Provider) {
		if p.ExpiresIn != nil {
			t.Errorf("the entry knows no lifetime of its own: expires_in %v", p.ExpiresIn)
		}
		p.Captured["instanceUrl"] = "https://acme.my.salesforce.com"
		p.Locate("instanceUrl")
	})
	c := w.connected()
	if c.BaseURL != "https://acme.my.salesforce.com" {
		t.Errorf("base URL %s", c.BaseURL)
	}
	if got := c.Credential.ExpiresAt.Sub(c.Credential.PromotedAt); got != time.Hour {
		t.Errorf("lifetime %s, want the entry's", got)
	}
	w.end(t, c.ID) // At the org's own host.
}

// Salesforce ends a session with 403, which a refresh mends.
func TestSalesforceEndsTheSession(t *testing.T) {
	t.Parallel()
	w := entry(t, "salesforce", handoff, nil)
	c := w.connected()
	w.provider.Next(catalogtest.Verify, catalogtest.Fault{Status: 403, Body: map[string]any{"error": "Bad_OAuth_Token"}})
	w.wantOutcome(t, c.ID, catalog.OK)
	if calls := w.provider.Calls(catalogtest.Token); calls != 2 {
		t.Errorf("%d token requests, want the handoff's and one refresh", calls)
	}
}

// Mailchimp says expires_in 0, which is for ever, and where the account is only
// when it is asked.
func TestMailchimp(t *testing.T) {
	t.Parallel()
	w := entry(t, "mailchimp", handoff, func(p *catalogtest.Provider) {
		if p.ExpiresIn != 0 {
			t.Errorf("expires_in %v", p.ExpiresIn)
		}
		p.Captured["dc"] = "us21"
		p.Locate("dc")
	})
	c := w.connected()
	k := c.Credential
	if c.BaseURL != "https://us21.api.mailchimp.com/3.0" || !k.ExpiresAt.IsZero() || k.Refreshable || !c.Due.Refresh.IsZero() || !k.Lapses().IsZero() {
		t.Errorf("base URL %s, credential %+v, due %+v", c.BaseURL, k, c.Due)
	}
	if w.provider.Calls(catalogtest.Metadata) != 1 {
		t.Errorf("asked for the metadata %d times", w.provider.Calls(catalogtest.Metadata))
	}
	w.provider.Next(catalogtest.Verify, catalogtest.Fault{Status: 403})
	w.wantOutcome(t, c.ID, catalog.RateLimited) // An edge that throttles has no problem document.
}

// HubSpot's token endpoint of 2026 answers as before, with the refresh token
// that was sent; the portal's number is the account.
func TestHubSpot(t *testing.T) {
	t.Parallel()
	w := entry(t, "hubspot", handoff, func(p *catalogtest.Provider) {
		p.Repeat, p.ExpiresIn, p.AccountID = true, 1800, 12345678
	})
	if got := w.provider.Scheme.OAuth.TokenURL; got != "https://api.hubapi.com/oauth/2026-03/token" {
		t.Errorf("token URL %s", got)
	}
	c := w.connected()
	want := connection.Account{ID: "12345678", Name: w.provider.AccountName}
	if diff := cmp.Diff(want, c.Account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	access := w.wantToken(t, c.ID)
	for range 3 {
		access = w.renewed(t, c.ID, access)
	}
	if names := w.secrets.Names(); len(names) != 2 {
		t.Errorf("secrets %v, want the client's and the connection's", names)
	}
}

// Shopify takes the refresh token before the last for a month: a lost answer
// costs nothing.
func TestShopifyLosesAnAnswer(t *testing.T) {
	t.Parallel()
	w := entry(t, "shopify", handoff, nil)
	c := w.connected()
	access := w.wantToken(t, c.ID)
	w.advance(c.Credential.ExpiresAt.Sub(w.tick()))
	w.provider.Next(catalogtest.Token, catalogtest.Fault{Forgotten: true})
	if _, err := w.lease(c.ID); err != nil {
		w.advance(10 * time.Minute)
	}
	if w.wantToken(t, c.ID) == access {
		t.Error("the token is the old one")
	}
}

// GraphQL throttles with 200, and refuses a permission so.
func TestShopifyAnswers200(t *testing.T) {
	t.Parallel()
	w := entry(t, "shopify", apiKey, nil)
	c := w.connected()
	for code, want := range map[string]catalog.Outcome{
		"THROTTLED": catalog.RateLimited, "ACCESS_DENIED": catalog.PermissionError, "MAX_COST_EXCEEDED": catalog.ProviderError,
	} {
		body := map[string]any{"errors": []any{map[string]any{"message": code, "extensions": map[string]any{"code": code}}}}
		w.provider.Next(catalogtest.Verify, catalogtest.Fault{Status: 200, Body: body})
		w.wantOutcome(t, c.ID, want)
	}
	_, err := w.create(t.Context(), w.provider.Wrong)
	if !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("a wrong token: %v", err)
	}
	if names := w.secrets.Names(); len(names) != 1 {
		t.Errorf("secrets %v", names)
	}
}
