package walktest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// QuickBooks names the company in the callback and nowhere else: it is the
// account, and stands in every address.
func TestQuickBooks(t *testing.T) {
	t.Parallel()
	w := entry(t, "quickbooks", handoff, func(p *catalogtest.Provider) {
		p.Captured["realmId"] = "9130347957983586"
		p.Locate("realmId")
	})
	c := w.connected()
	if want := "https://" + w.provider.Inputs["environment"] + "/v3/company/9130347957983586"; c.BaseURL != want {
		t.Errorf("base URL %s, want %s", c.BaseURL, want)
	}
	if diff := cmp.Diff(connection.Account{ID: "9130347957983586"}, c.Account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	w.renewed(t, c.ID, w.wantToken(t, c.ID))
}

// Tokens without their company are of no use, and with two they are anyone's
// guess: nothing is kept of them, and another try works.
func TestQuickBooksWithoutACompany(t *testing.T) {
	t.Parallel()
	for name, companies := range map[string][]string{"none": nil, "empty": {""}, "two": {"9130347957983586", "9130347957983587"}, "dots": {".."}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := entry(t, "quickbooks", handoff, nil)
			c, err := w.create(t.Context(), nil)
			must(t, err)
			a := w.consent(c)
			delete(a.Query, "realmId")
			if companies != nil {
				a.Query["realmId"] = companies
			}
			_, err = w.connects.Complete(t.Context(), a)
			if !fault.Has(err, fault.CodeProviderError) {
				t.Errorf("got %v, want %s", err, fault.CodeProviderError)
			}
			if got := w.get(c.ID); got.Credential != nil || len(got.Lease) > 0 || got.Account.ID != "" {
				t.Errorf("kept: credential %v, account %+v", got.Credential, got.Account)
			}
			if w.provider.Calls(catalogtest.Verify) > 0 {
				t.Error("the system was asked about a company nobody named")
			}
			_, err = w.connects.Complete(t.Context(), w.consent(c))
			must(t, err)
			w.wantToken(t, c.ID)
		})
	}
}
