package template_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// client returns the client secret the record points to.
func (w *world) client(t template.Template) string {
	w.t.Helper()
	stored, err := w.secrets.Get(w.t.Context(), w.stored(t).Secret.At)
	must(w.t, err)
	m, err := vault.DecodeMaterial(stored)
	must(w.t, err)
	return m.Fields["clientSecret"].Reveal()
}

func TestCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := define("")
	d.Scopes = []string{"crm.write", "crm.read", "crm.write"}
	made := w.make("acme", d)
	if made.StableKey != "demo-crm" || made.Revision != 1 || made.Owner != "acme" || strings.Join(made.Scopes, " ") != "crm.read crm.write" {
		t.Errorf("made %+v", made)
	}
	if got := made.Secret; w.client(made) != firstSecret || got.Last4 != "0001" || got.SetBy != "acme/ann" {
		t.Errorf("secret %+v", got)
	}
	shown := w.API(t.Context(), made)
	if shown.RedirectURI != "https://tenon.example.com/v1/oauth/callback/"+made.ID || !shown.ClientSecret.Set {
		t.Errorf("shown %+v", shown)
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change  func(*template.Define)
		pointer string
	}{
		"an unknown connector":        {func(d *template.Define) { d.Connector = "../demo-crm" }, "/connector"},
		"no scheme of several":        {func(d *template.Define) { d.Scheme = "" }, "/authScheme"},
		"an unknown scheme":           {func(d *template.Define) { d.Scheme = "saml" }, "/authScheme"},
		"no client":                   {func(d *template.Define) { d.ClientID, d.ClientSecret = "", secret.Bytes{} }, "/clientId"},
		"no client secret":            {func(d *template.Define) { d.ClientSecret = secret.Bytes{} }, "/clientSecret"},
		"a client for a key":          {func(d *template.Define) { d.Scheme, d.Scopes = "api_key", nil }, "/clientId"},
		"a client secret for a key":   {func(d *template.Define) { d.Scheme, d.Scopes, d.ClientID = "api_key", nil, "" }, "/clientId"},
		"scopes for a key":            {func(d *template.Define) { d.Scheme = "api_key" }, "/scopes"},
		"a scope with a space":        {func(d *template.Define) { d.Scopes = []string{"crm.read", "a b"} }, "/scopes/1"},
		"a scope with a quote":        {func(d *template.Define) { d.Scopes = []string{`a"b`} }, "/scopes/0"},
		"an empty scope":              {func(d *template.Define) { d.Scopes = []string{""} }, "/scopes/0"},
		"an endless scope":            {func(d *template.Define) { d.Scopes = []string{strings.Repeat("a", 257)} }, "/scopes/0"},
		"an unknown input":            {func(d *template.Define) { d.Inputs["x"] = "y" }, "/inputs/x"},
		"an input that is no address": {func(d *template.Define) { d.Inputs["baseUrl"] = "https://user@crm.example.com" }, "/inputs/baseUrl"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := define("k")
			test.change(&d)
			_, err := w.Create(t.Context(), caller("acme"), d)
			refused(t, err, fault.CodeValidationFailed)
			if fields := fault.From(err).Fields; len(fields) != 1 || fields[0].Pointer != test.pointer {
				t.Errorf("fields %v, want %s", fields, test.pointer)
			}
			if names := w.secrets.Names(); len(names) > 0 {
				t.Errorf("secrets %v", names)
			}
		})
	}
}

// A stable key is one template's; the refused one leaves no secret.
func TestStableKeyTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.make("acme", define("crm"))
	_, err := w.Create(t.Context(), caller("acme"), define("crm"))
	refused(t, err, fault.CodeStableKeyTaken)
	if diff := cmp.Diff([]string{first.Secret.At.Secret}, w.secrets.Names()); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	w.make("globex", define("crm")) // ISO-13.
}

// When it is not known whether the record was written, its secret stays.
func TestCreateWithALostAnswerKeepsTheSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made template.Template
	w.after = func(string) error {
		found, _, err := w.store.List(t.Context(), "acme", "", 1)
		must(t, err)
		made = found[0]
		return errBusy
	}
	_, err := w.Create(t.Context(), caller("acme"), define("crm"))
	refused(t, err, fault.CodeRetryLater)
	if w.client(made) != firstSecret {
		t.Error("the record points to another secret")
	}
}

func TestCreateRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := define("crm")
	d.Key, d.Fingerprint = "k-1", "f-1"
	w.after = func(string) error { panic(errBusy) } // The process dies with the record written.
	func() {
		defer func() { _ = recover() }()
		_, _ = w.Create(t.Context(), caller("acme"), d)
	}()
	w.after = func(string) error { return nil }
	_, err := w.Create(t.Context(), caller("acme"), d)
	refused(t, err, fault.CodeIdempotencyPending)
	w.now = w.now.Add(time.Minute)
	for range 2 {
		made, err := w.Create(t.Context(), caller("acme"), d)
		must(t, err)
		if names := w.secrets.Names(); w.client(made) != firstSecret || len(names) != 1 {
			t.Errorf("secrets %v", names)
		}
	}
	d.Fingerprint = "f-2"
	_, err = w.Create(t.Context(), caller("acme"), d)
	refused(t, err, fault.CodeIdempotencyMismatch)
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	updated, err := w.Update(t.Context(), caller("acme"), made.ID, `"1"`, template.Change{
		Name: pointer("New"), Embedded: pointer(false), Scopes: []string{"crm.write"}, Inputs: map[string]string{"baseUrl": "https://new.example.com"},
		ClientID: pointer("client-2"), ClientSecret: pointer(secret.FromString(secondSecret)),
	})
	must(t, err)
	want := made
	want.Name, want.Embedded, want.Scopes, want.ClientID, want.ClientKey = "New", false, []string{"crm.write"}, "client-2", 2
	want.Inputs, want.Revision, want.Version = map[string]string{"baseUrl": "https://new.example.com"}, 2, 2
	want.Secret, want.UpdatedAt = updated.Secret, updated.UpdatedAt
	want.Inheritance = template.Inheritance{Revision: 2, Due: updated.UpdatedAt.Add(due.Soon)}
	// Everything else, above all owner, id, connector, scheme and stable key, stays (ISO-12).
	if diff := cmp.Diff(want, w.stored(made)); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	if names := w.secrets.Names(); w.client(made) != secondSecret || len(names) != 1 || names[0] == made.Secret.At.Secret || updated.Secret.Last4 != "0002" {
		t.Errorf("secrets %v: the old one is kept", names)
	}
}

func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ifMatch string
		change  template.Change
		want    fault.Code
	}{
		"no If-Match":                {"", template.Change{Name: pointer("x")}, fault.CodePreconditionRequired},
		"a stale If-Match":           {`"0"`, template.Change{ClientSecret: pointer(secret.FromString(secondSecret))}, fault.CodePreconditionFailed},
		"an invalid scope":           {"*", template.Change{Scopes: []string{"a b"}}, fault.CodeValidationFailed},
		"an unknown input":           {"*", template.Change{Inputs: map[string]string{"x": "y"}}, fault.CodeValidationFailed},
		"taking the client away":     {"*", template.Change{ClientID: pointer("")}, fault.CodeValidationFailed},
		"taking the secret away":     {"*", template.Change{ClientSecret: new(secret.Bytes)}, fault.CodeValidationFailed},
		"a secret with a wrong part": {"*", template.Change{ClientSecret: pointer(secret.FromString(secondSecret)), Scopes: []string{""}}, fault.CodeValidationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.make("acme", define("crm"))
			before := w.stored(made)
			_, err := w.Update(t.Context(), caller("acme"), made.ID, test.ifMatch, test.change)
			refused(t, err, test.want)
			if diff := cmp.Diff(before, w.stored(made)); diff != "" {
				t.Errorf("record (-before +after):\n%s", diff)
			}
			if names := w.secrets.Names(); w.client(made) != firstSecret || len(names) != 1 {
				t.Errorf("secrets %v", names)
			}
		})
	}
}

// A template without a client may not get one.
func TestUpdateGivesNoClientToAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", template.Define{Connector: "demo-crm", Name: "x", Scheme: "api_key"})
	for _, change := range []template.Change{
		{ClientID: pointer("client-1")}, {ClientSecret: pointer(secret.FromString(firstSecret))}, {Scopes: []string{"crm.read"}},
	} {
		_, err := w.Update(t.Context(), caller("acme"), made.ID, "*", change)
		refused(t, err, fault.CodeValidationFailed)
	}
	if names := w.secrets.Names(); len(names) > 0 {
		t.Errorf("secrets %v", names)
	}
}

// Someone else's change in between wins, and the new secret is not left behind.
func TestUpdateAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	w.before = func(string) error {
		w.before = func(string) error { return nil }
		_, err := w.Update(t.Context(), caller("acme"), made.ID, `"1"`, template.Change{Name: pointer("Theirs")})
		return err
	}
	_, err := w.Update(t.Context(), caller("acme"), made.ID, `"1"`, template.Change{ClientSecret: pointer(secret.FromString(secondSecret))})
	refused(t, err, fault.CodePreconditionFailed)
	if names := w.secrets.Names(); w.stored(made).Name != "Theirs" || w.client(made) != firstSecret || len(names) != 1 {
		t.Errorf("name %q, secrets %v", w.stored(made).Name, names)
	}
}

// Neither secret may go while it is not known which one the record names.
func TestUpdateWithALostAnswerKeepsTheSecret(t *testing.T) {
	t.Parallel()
	for _, written := range []bool{false, true} {
		w := newWorld(t)
		made := w.make("acme", define("crm"))
		fail := func(string) error { return errBusy }
		if written {
			w.after = fail
		} else {
			w.before = fail
		}
		_, err := w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{ClientSecret: pointer(secret.FromString(secondSecret))})
		refused(t, err, fault.CodeRetryLater)
		if got := w.client(made); (got == secondSecret) != written {
			t.Errorf("written %t: the record names another secret", written)
		}
	}
}
