package template_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// rotate makes a client the primary; an empty id leaves the id as it is.
func rotate(clientID, clientSecret string) template.Change {
	change := template.Change{KeepPrevious: true}
	if clientID != "" {
		change.ClientID = &clientID
	}
	if clientSecret != "" {
		change.ClientSecret = pointer(secret.FromString(clientSecret))
	}
	return change
}

// change applies the change to the newest version.
func (w *world) change(made template.Template, change template.Change) template.Template {
	w.t.Helper()
	updated, err := w.Update(w.t.Context(), caller(made.Owner), made.ID, "*", change)
	must(w.t, err)
	return updated
}

// used notes connections by the client that minted their credentials.
func (w *world) used(made template.Template, mintedBy ...int) {
	w.t.Helper()
	for n, key := range mintedBy {
		c := connection.Connection{Tenant: "acme", ID: fmt.Sprintf("con_%d", n), TemplateOwner: made.Owner, TemplateID: made.ID}
		if key != 0 {
			c.Credential = &connection.Credential{MintedBy: key}
		}
		must(w.t, w.store.AddUse(c))
	}
}

// whole checks that exactly the secrets that the record names exist.
func (w *world) whole(made template.Template) {
	w.t.Helper()
	t := w.stored(made)
	named := []string{t.Secret.At.Secret}
	if t.Previous != nil {
		named = append(named, t.Previous.Secret.At.Secret)
	}
	slices.Sort(named)
	if diff := cmp.Diff(named, w.secrets.Names()); diff != "" {
		w.t.Errorf("secrets (-named +there):\n%s", diff)
	}
}

func TestRotationKeepsTheFormerClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	rotated := w.change(made, rotate("client-2", secondSecret))
	if rotated.ClientKey != 2 || rotated.ClientID != "client-2" || rotated.Secret.Last4 != "0002" || w.client(made) != secondSecret {
		t.Errorf("primary %+v", rotated.Client)
	}
	if diff := cmp.Diff(&made.Client, w.stored(made).Previous); diff != "" {
		t.Errorf("secondary (-want +got):\n%s", diff)
	}
	w.whole(made)

	ended := w.change(made, template.Change{DropPrevious: true})
	if ended.Previous != nil || ended.ClientKey != 2 || w.client(made) != secondSecret {
		t.Errorf("ended %+v", ended)
	}
	w.whole(made)
	w.change(made, template.Change{DropPrevious: true}) // Nothing to do.
	if again := w.change(made, rotate("", firstSecret)); again.ClientKey != 3 || again.ClientID != "client-2" || again.Previous.ClientKey != 2 {
		t.Errorf("a key was used again: %+v", again)
	}
	w.whole(made)
}

// A mistyped secret is corrected without ending the rotation.
func TestReplacingThePrimaryKeepsTheSecondary(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	w.change(made, rotate("client-2", "client-secret-typo"))
	corrected := w.change(made, template.Change{ClientSecret: pointer(secret.FromString(secondSecret))})
	if corrected.ClientKey != 3 || corrected.ClientID != "client-2" || corrected.Previous.ClientKey != 1 || w.client(made) != secondSecret {
		t.Errorf("corrected %+v", corrected)
	}
	w.whole(made)
}

// What is not about the client leaves it alone: so does its id sent again.
func TestOtherChangesKeepTheClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	if got := w.change(made, template.Change{Name: pointer("x"), ClientID: pointer("client-1")}); got.ClientKey != 1 || got.Secret.At != made.Secret.At {
		t.Errorf("client %+v", got.Client)
	}
}

func TestRotationRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		under  bool // A rotation is under way.
		change template.Change
		want   fault.Code
	}{
		"no new client":            {false, template.Change{KeepPrevious: true}, fault.CodeValidationFailed},
		"the client it has":        {false, rotate("client-1", ""), fault.CodeValidationFailed},
		"another id, no secret":    {false, rotate("client-2", ""), fault.CodeValidationFailed},
		"a third client":           {true, rotate("client-3", "client-secret-0003"), fault.CodeConflict},
		"a third secret":           {true, rotate("", "client-secret-0003"), fault.CodeConflict},
		"a scope that is no scope": {false, func() template.Change { c := rotate("", secondSecret); c.Scopes = []string{""}; return c }(), fault.CodeValidationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.make("acme", define("crm"))
			if test.under {
				w.change(made, rotate("client-2", secondSecret))
			}
			before := w.stored(made)
			_, err := w.Update(t.Context(), caller("acme"), made.ID, "*", test.change)
			refused(t, err, test.want)
			if diff := cmp.Diff(before, w.stored(made)); diff != "" {
				t.Errorf("record (-before +after):\n%s", diff)
			}
			w.whole(made)
		})
	}
}

// A rotation may follow another in one request, when nothing depends on the
// oldest client.
func TestRotationAfterRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	w.change(made, rotate("", secondSecret))
	next := rotate("", "client-secret-0003")
	next.DropPrevious = true
	if got := w.change(made, next); got.ClientKey != 3 || got.Previous.ClientKey != 2 {
		t.Errorf("clients %+v, %+v", got.Client, got.Previous)
	}
	w.whole(made)
}

func TestDropIsRefusedWhileConnectionsDepend(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id      string // Of the new client.
		refused bool   // The system refuses the new client.
		minted  []int
		change  template.Change
		want    fault.Code
	}{
		"another id, none left":               {"client-2", false, []int{0, 2, 2}, template.Change{}, ""},
		"another id, refused, none left":      {"client-2", true, []int{0, 2, 2}, template.Change{}, ""},
		"another id, one left":                {"client-2", false, []int{2, 1}, template.Change{}, fault.CodeClientInUse},
		"another id, one left, forced":        {"client-2", false, []int{2, 1}, template.Change{Force: true}, ""},
		"another id, back to the one before":  {"client-2", false, []int{1}, template.Change{ClientID: pointer("client-1"), ClientSecret: pointer(secret.FromString("client-secret-0003"))}, ""},
		"the same id":                         {"", false, []int{1, 1}, template.Change{}, ""},
		"the same id, refused":                {"", true, []int{2}, template.Change{}, fault.CodeClientInUse},
		"the same id, refused and not used":   {"", true, []int{0}, template.Change{}, ""},
		"the same id, refused and forced":     {"", true, []int{1}, template.Change{Force: true}, ""},
		"the same id, refused and corrected":  {"", true, []int{1}, template.Change{ClientSecret: pointer(secret.FromString("client-secret-0003"))}, ""},
		"another id, rotated once more":       {"client-2", false, []int{1}, rotate("client-3", "client-secret-0003"), fault.CodeClientInUse},
		"another id, rotated back to the old": {"client-2", false, []int{2}, rotate("client-1", "client-secret-0003"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.make("acme", define("crm"))
			w.change(made, rotate(test.id, secondSecret))
			w.used(made, test.minted...)
			if test.refused {
				w.Heard(t.Context(), of(made), 2, clientRefused)
			}
			test.change.DropPrevious = true
			_, err := w.Update(t.Context(), caller("acme"), made.ID, "*", test.change)
			if test.want == "" {
				must(t, err)
			} else {
				refused(t, err, test.want)
			}
			if previous := w.stored(made).Previous; (previous != nil && previous.ClientKey == 1) != (test.want != "") {
				t.Errorf("secondary %+v", previous)
			}
			w.whole(made)
		})
	}
}

// A failure anywhere in a rotation loses no secret that a record names, and the
// same request finishes it.
func TestRotationCutShort(t *testing.T) {
	t.Parallel()
	steps := map[string]template.Change{"keep": rotate("client-2", secondSecret), "drop": {DropPrevious: true}}
	for step, ops := range map[string][]string{"keep": {"update"}, "drop": {"update", "secrets.delete"}} {
		for _, op := range ops {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %s after=%t", step, op, after), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					made := w.make("acme", define("crm"))
					if step == "drop" {
						w.change(made, steps["keep"])
					}
					cut := func(now string) error {
						if now == op {
							panic(errBusy)
						}
						return nil
					}
					if after {
						w.after = cut
					} else {
						w.before = cut
					}
					func() {
						defer func() { _ = recover() }()
						_, _ = w.Update(t.Context(), caller("acme"), made.ID, "*", steps[step])
					}()
					w.before, w.after = func(string) error { return nil }, func(string) error { return nil }
					w.readable(made)
					_, err := w.Update(t.Context(), caller("acme"), made.ID, "*", steps[step])
					if step == "keep" && after { // It was done.
						refused(t, err, fault.CodeConflict)
					} else {
						must(t, err)
					}
					w.readable(made)
					if got := w.stored(made); (got.Previous != nil) != (step == "keep") || got.ClientKey != 2 {
						t.Errorf("record %+v", got)
					}
				})
			}
		}
	}
}

// readable checks that every secret that the record names is there.
func (w *world) readable(made template.Template) {
	w.t.Helper()
	t := w.stored(made)
	clients := []template.Client{t.Client}
	if t.Previous != nil {
		clients = append(clients, *t.Previous)
	}
	for _, c := range clients {
		_, err := w.secrets.Get(w.t.Context(), c.Secret.At)
		must(w.t, err)
	}
}

func TestRotationAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	w.before = func(op string) error {
		w.before = func(string) error { return nil }
		_, err := w.Update(t.Context(), caller("acme"), made.ID, `"1"`, rotate("client-2", secondSecret))
		return err
	}
	_, err := w.Update(t.Context(), caller("acme"), made.ID, `"1"`, rotate("client-3", "client-secret-0003"))
	refused(t, err, fault.CodePreconditionFailed)
	if got := w.stored(made); got.ClientID != "client-2" || got.Previous.ClientID != "client-1" {
		t.Errorf("clients %+v, %+v", got.Client, got.Previous)
	}
	w.whole(made)
}

func TestDeleteTakesBothClients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define("crm"))
	w.change(made, rotate("client-2", secondSecret))
	must(t, w.Delete(t.Context(), caller("acme"), made.ID, ""))
	w.gone(made)
}
