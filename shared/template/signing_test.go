package template_test

import (
	"context"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/template"
)

// signingKeys has a key for everyone but the tenant none. It says in the id who
// asked for what.
type signingKeys struct{ asked *int }

func (k signingKeys) Find(_ context.Context, tenant, algorithm, pinned string) (method.SigningKey, error) {
	*k.asked++
	if tenant == "none" {
		return method.SigningKey{}, fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "Create a signing key first.")
	}
	return method.SigningKey{ID: tenant + " " + algorithm + " " + pinned, Algorithm: algorithm}, nil
}

func TestSigningKey(t *testing.T) {
	t.Parallel()
	shown := &catalog.Assertion{Algorithm: "PS256"}
	client := &catalog.OAuth{ClientAuth: "private_key_jwt"}
	grant := &catalog.OAuth{ClientAuth: "none"}
	for name, test := range map[string]struct {
		scheme catalog.Scheme
		tenant string
		want   string
		code   fault.Code
	}{
		"a grant is the tenant's":                 {catalog.Scheme{Assertion: shown, OAuth: grant}, "acme", "acme PS256 sgk_1", ""},
		"a client is its template's":              {catalog.Scheme{Assertion: shown, OAuth: client}, "acme", "org PS256 sgk_1", ""},
		"nothing is signed":                       {catalog.Scheme{OAuth: grant}, "acme", "", ""},
		"a key of its own is uploaded":            {catalog.Scheme{Assertion: shown, Fields: []catalog.Input{{Type: catalog.TypeFile}}}, "acme", "", ""},
		"what is given besides is no key":         {catalog.Scheme{Assertion: shown, Fields: []catalog.Input{{Type: catalog.TypeText}}}, "acme", "acme PS256 sgk_1", ""},
		"there is none":                           {catalog.Scheme{Assertion: shown, OAuth: grant}, "none", "", fault.CodeCredentialUnavailable},
		"a client needs no key of the connection": {catalog.Scheme{Assertion: shown, OAuth: client}, "none", "org PS256 sgk_1", ""},
	} {
		s := &template.Service{SigningKeys: signingKeys{new(int)}}
		target := method.Target{Tenant: test.tenant, Scheme: test.scheme}
		got, err := template.SigningKey(s, t.Context(), template.Template{Owner: "org"}, target, "sgk_1")
		if got.ID != test.want || (err == nil) != (test.code == "") || err != nil && fault.From(err).Code != test.code {
			t.Errorf("%s: got %q, %v, want %q", name, got.ID, err, test.want)
		}
	}
	got, err := template.SigningKey(new(template.Service), t.Context(), template.Template{}, method.Target{Scheme: catalog.Scheme{Assertion: shown}}, "")
	if err != nil || got.ID != "" {
		t.Errorf("without keys: got %+v, %v", got, err)
	}
}

// The owner's key speaks for the owner's clients. For a client that the connection
// names it would speak too, if that happens to be one of them.
func TestSigningKeyOfAClientThatTheConnectionNames(t *testing.T) {
	t.Parallel()
	named := map[string]catalog.Value{"clientId": {Type: catalog.TypeText, Text: "another client of org"}}
	signs := catalog.Scheme{Assertion: &catalog.Assertion{Algorithm: "PS256"}, OAuth: &catalog.OAuth{ClientAuth: "private_key_jwt"}}
	kept := signs
	kept.Fields = []catalog.Input{{Name: "clientId", Type: catalog.TypeText}}
	for name, test := range map[string]struct {
		template template.Template
		target   method.Target
		want     string
	}{
		"by an input":           {template.Template{}, method.Target{Scheme: signs, Values: named}, "acme"},
		"in its credential":     {template.Template{}, method.Target{Scheme: kept, ClientID: "client of org"}, "acme"},
		"the template's input":  {template.Template{Inputs: map[string]string{"clientId": "x"}}, method.Target{Scheme: signs, Values: named}, "org"},
		"the template's client": {template.Template{}, method.Target{Scheme: signs, Values: named, ClientID: "client of org"}, "org"},
	} {
		s := &template.Service{SigningKeys: signingKeys{new(int)}}
		test.template.Owner, test.target.Tenant = "org", "acme"
		got, err := template.SigningKey(s, t.Context(), test.template, test.target, "sgk_1")
		if want := test.want + " PS256 sgk_1"; err != nil || got.ID != want {
			t.Errorf("%s: got %q, %v, want %q", name, got.ID, err, want)
		}
	}
}

// Whoever signs nothing needs no signing key.
func TestResolveAsksForNoSigningKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := 0
	w.SigningKeys = signingKeys{&asked}
	c := of(w.make("org", define("crm")))
	c.Credential = &connection.Credential{SigningKey: "sgk_1"}
	for name, resolve := range map[string]func(context.Context, connection.Connection) (method.Target, error){
		"Resolve": w.Resolve, "ResolveGrant": w.ResolveGrant, "Address": w.Address,
	} {
		if target, err := resolve(t.Context(), c); err != nil || target.SigningKey.ID != "" || asked > 0 {
			t.Errorf("%s: got %+v, %v, asked %d times", name, target.SigningKey, err, asked)
		}
	}
}
