package connect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

func (w *world) oidc() template.Template {
	w.t.Helper()
	return w.template("custom-oidc", "oauth2_authorization_code", map[string]string{"issuer": issuer})
}

func (w *world) rest() template.Template {
	w.t.Helper()
	return w.template("custom-rest", "oauth2_authorization_code", map[string]string{
		"baseUrl": "https://api.example.com/v1", "verifyPath": "me", "authorizeUrl": issuer + "/authorize", "tokenUrl": issuer + "/token",
	})
}

// OAF-08, OAF-09, OAF-10: the issuer is compared as a string, demanded where the
// server promises it and ignored where it is not known.
func TestIssuerOfTheAnswer(t *testing.T) {
	t.Parallel()
	const crm = "https://crm.example.com/dev"
	for name, test := range map[string]struct {
		made func(*world) template.Template
		iss  []string
		ok   bool
	}{
		"promised and right":          {(*world).oidc, []string{issuer}, true},
		"promised and missing":        {(*world).oidc, nil, false},
		"promised and empty":          {(*world).oidc, []string{""}, false},
		"promised and twice":          {(*world).oidc, []string{issuer, issuer}, false},
		"of another":                  {(*world).oidc, []string{"https://evil.example"}, false},
		"with a slash at the end":     {(*world).oidc, []string{issuer + "/"}, false},
		"in another case":             {(*world).oidc, []string{"https://Login.example.com"}, false},
		"with a port":                 {(*world).oidc, []string{issuer + ":443"}, false},
		"with more behind":            {(*world).oidc, []string{issuer + ".evil.example"}, false},
		"known, not promised, right":  {func(w *world) template.Template { return w.demo("oauth2_authorization_code") }, []string{crm}, true},
		"known, not promised, absent": {func(w *world) template.Template { return w.demo("oauth2_authorization_code") }, nil, true},
		"known, not promised, wrong":  {func(w *world) template.Template { return w.demo("oauth2_authorization_code") }, []string{crm + "/"}, false},
		"not known":                   {(*world).rest, []string{"https://whoever.example"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.pending(test.made(w))
			j := w.travel(connect.Ask{ConnectionID: c.ID})
			a := j.answer("code", w.provider.consent(j.address))
			if test.iss != nil {
				a.Query["iss"] = test.iss
			}
			_, err := w.Complete(t.Context(), a)
			if test.ok {
				must(t, err)
				return
			}
			refused(t, err, fault.CodeIssuerMismatch)
			w.untouched(c)
			if diff := cmp.Diff([]string{"denied " + string(fault.CodeIssuerMismatch)}, w.outcomes(audit.ConnectionConnect, c.ID)); diff != "" {
				t.Errorf("audit (-want +got):\n%s", diff)
			}
			_, err = w.finish(j, "iss", issuer)
			refused(t, err, fault.CodeHandoffUsed)
		})
	}
}

// RFC 9207 2.4: in error answers too.
func TestIssuerOfAnErrorAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.oidc())
	_, err := w.Complete(t.Context(), w.travel(connect.Ask{ConnectionID: c.ID}).answer("error", "access_denied"))
	refused(t, err, fault.CodeIssuerMismatch)
	w.untouched(c)
}
