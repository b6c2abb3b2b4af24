package walktest_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// resigned changes a parameter and signs all again, as only the system can.
func resigned(w *world, q url.Values, name, value string) {
	q.Set(name, value)
	q.Set("hmac", catalogtest.Signature(q, "hmac", w.provider.Secret))
}

// Shopify signs the callback: what it did not sign, just now and for this store,
// is not redeemed.
func TestShopifySignsTheCallback(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*world, url.Values)
		ok     bool
	}{
		"as it comes":              {func(*world, url.Values) {}, true},
		"with more that is signed": {func(w *world, q url.Values) { resigned(w, q, "host", "YWRtaW4") }, true},
		"a minute late":            {func(w *world, _ url.Values) { w.advance(time.Minute) }, true},
		"wrong":                    {func(_ *world, q url.Values) { q.Set("hmac", strings.Repeat("0", 64)) }, false},
		"signed by another":        {func(_ *world, q url.Values) { q.Set("hmac", catalogtest.Signature(q, "hmac", "another")) }, false},
		"signed with nothing":      {func(_ *world, q url.Values) { q.Set("hmac", catalogtest.Signature(q, "hmac", "")) }, false},
		"missing":                  {func(_ *world, q url.Values) { q.Del("hmac") }, false},
		"twice":                    {func(_ *world, q url.Values) { q.Add("hmac", q.Get("hmac")) }, false},
		"a shop twice":             {func(_ *world, q url.Values) { q.Add("shop", "evil.myshopify.com") }, false},
		"another code":             {func(_ *world, q url.Values) { q.Set("code", "stolen") }, false},
		"one more parameter":       {func(_ *world, q url.Values) { q.Set("host", "YWRtaW4") }, false},
		"two minutes late":         {func(w *world, _ url.Values) { w.advance(2 * time.Minute) }, false},
		"of tomorrow":              {func(w *world, q url.Values) { resigned(w, q, "timestamp", "1795251600") }, false},
		"of no time":               {func(w *world, q url.Values) { resigned(w, q, "timestamp", "") }, false},
		"for another store":        {func(w *world, q url.Values) { resigned(w, q, "shop", "evil.myshopify.com") }, false},
		"for a store that begins so": {func(w *world, q url.Values) {
			resigned(w, q, "shop", q.Get("shop")+".evil.example")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := entry(t, "shopify", handoff, nil)
			c, err := w.create(t.Context(), nil)
			must(t, err)
			a := w.consent(c)
			genuine := url.Values{}
			for name, given := range a.Query {
				genuine[name] = append([]string{}, given...)
			}
			test.change(w, a.Query)
			_, err = w.connects.Complete(t.Context(), a)
			if test.ok {
				must(t, err)
				w.wantEstablished(t, w.get(c.ID))
				return
			}
			if !fault.Has(err, fault.CodeIssuerMismatch) || w.provider.Calls(catalogtest.Token) > 0 || w.get(c.ID).Credential != nil {
				t.Errorf("got %v, want %s, after %d token requests", err, fault.CodeIssuerMismatch, w.provider.Calls(catalogtest.Token))
			}
			a.Query = genuine
			if _, err := w.connects.Complete(t.Context(), a); !fault.Has(err, fault.CodeHandoffUsed) {
				t.Errorf("the answer was used up, and taken: %v", err)
			}
			found, _, err := w.connects.Audit.List(t.Context(), ann(), audit.Query{Action: audit.ConnectionConnect, Resource: c.ID, Limit: 10})
			must(t, err)
			var told []string
			for _, e := range found {
				told = append(told, e.Outcome+" "+e.Reason)
			}
			if !slices.Contains(told, "denied oauth_issuer_mismatch") {
				t.Errorf("audit %v", told)
			}
		})
	}
}

// While the client's secret is rotated the system signs with the former one, and
// takes the new one for the code.
func TestShopifySignsWithTheFormerSecret(t *testing.T) {
	t.Parallel()
	w := entry(t, "shopify", handoff, nil)
	former, next := w.provider.Secret, secret.FromString("next-"+catalogtest.Mark)
	_, err := w.templates.Update(t.Context(), ann(), w.made.ID, "*", template.Change{ClientSecret: &next, KeepPrevious: true})
	must(t, err)
	w.provider.Secret = next.Reveal()
	for _, key := range []string{former, next.Reveal()} {
		c, err := w.create(t.Context(), nil)
		must(t, err)
		a := w.consent(c)
		a.Query.Set("hmac", catalogtest.Signature(a.Query, "hmac", key))
		_, err = w.connects.Complete(t.Context(), a)
		must(t, err)
	}
	_, err = w.templates.Update(t.Context(), ann(), w.made.ID, "*", template.Change{DropPrevious: true})
	must(t, err)
	c, err := w.create(t.Context(), nil)
	must(t, err)
	a := w.consent(c)
	a.Query.Set("hmac", catalogtest.Signature(a.Query, "hmac", former))
	if _, err = w.connects.Complete(t.Context(), a); !fault.Has(err, fault.CodeIssuerMismatch) {
		t.Errorf("signed with a secret that was dropped: %v", err)
	}
}
