package connect_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// replaceable is a connection with the good key.
func replaceable(t *testing.T) (*world, connection.Connection) {
	w, made := keyed(t)
	c, err := w.create(made, goodKey)
	must(t, err)
	return w, w.get(c.ID)
}

func (w *world) put(id, ifMatch, value string) (connection.Connection, error) {
	return w.PutCredential(w.t.Context(), w.caller, id, ifMatch, apiKey(value))
}

// serves checks which key a lease would hand out, and that the secret store
// holds the same.
func (w *world) serves(id, value string) {
	w.t.Helper()
	if w.hotCopy(id).Headers["X-Api-Key"].Reveal() != value || w.material(id).Fields["apiKey"].Reveal() != value {
		w.t.Error("another key is current")
	}
}

// CRD-03: the old key serves until the new one is verified, and is out of
// service after that.
func TestReplaceAKey(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	w.provider.before = func(endpoint string) {
		if endpoint == "me" {
			w.serves(c.ID, goodKey)
		}
	}
	replaced, err := w.put(c.ID, `"2"`, nextKey)
	must(t, err)
	w.serves(c.ID, nextKey)
	now := w.get(c.ID)
	if replaced.Revision != 3 || now.Credential.Version != 2 || now.Credential.Last4 != "0002" || now.Account.ID != "bob" {
		t.Errorf("revision %d, credential %+v", replaced.Revision, now.Credential)
	}
	if names := w.secretsOf("acme"); len(names) != 1 {
		t.Errorf("secrets %v", names)
	}
	want := map[string][]string{now.Credential.At.Version: {"AWSCURRENT"}}
	if diff := cmp.Diff(want, w.stored.Labels(now.SecretName)); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.CredentialPut, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// CRD-02, API-03: what is refused changes nothing.
func TestReplaceRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ifMatch, value string
		status         int
		down           bool
		account        string
		want           fault.Code
	}{
		"a wrong key":          {ifMatch: `"2"`, value: badKey, want: fault.CodeVerificationFailed},
		"a provider failure":   {ifMatch: `"2"`, value: nextKey, status: 500, want: fault.CodeProviderUnavailable},
		"no network":           {ifMatch: `"2"`, value: nextKey, down: true, want: fault.CodeProviderUnavailable},
		"another account":      {ifMatch: `"2"`, value: nextKey, account: "carol", want: fault.CodeAccountMismatch},
		"an empty key":         {ifMatch: `"2"`, value: "", want: fault.CodeValidationFailed},
		"no If-Match":          {value: nextKey, want: fault.CodePreconditionRequired},
		"a stale If-Match":     {ifMatch: `"1"`, value: nextKey, want: fault.CodePreconditionFailed},
		"an If-Match unquoted": {ifMatch: `2`, value: nextKey, want: fault.CodePreconditionFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := replaceable(t)
			w.provider.status["me"], w.provider.down["me"] = test.status, test.down
			if test.account != "" {
				w.provider.keys[nextKey] = test.account
			}
			_, err := w.put(c.ID, test.ifMatch, test.value)
			refused(t, err, test.want)
			w.serves(c.ID, goodKey)
			if diff := cmp.Diff(c, w.get(c.ID)); diff != "" {
				t.Errorf("record (-before +after):\n%s", diff)
			}
			want := map[string][]string{c.Credential.At.Version: {"AWSCURRENT"}}
			if diff := cmp.Diff(want, w.stored.Labels(c.SecretName)); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplaceRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	sign := w.connected(w.demo("oauth2_authorization_code"))
	if _, err := w.PutCredential(t.Context(), w.caller, sign.ID, "*", apiKey(nextKey)); !fault.Has(err, fault.CodeSchemeMismatch) {
		t.Errorf("a key for a sign in: %v", err)
	}
	if _, err := w.PutCredential(t.Context(), w.caller, c.ID, "*", nil); !fault.Has(err, fault.CodeValidationFailed) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := w.PutCredential(t.Context(), caller("globex", "eve"), c.ID, "*", apiKey(nextKey)); !fault.Has(err, fault.CodeNotFound) {
		t.Errorf("another tenant: %v", err)
	}
	_, err := w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { c.Lifecycle = connection.Deleting; return nil })
	must(t, err)
	asked := len(w.provider.asked("me"))
	if _, err := w.put(c.ID, "*", nextKey); !fault.Has(err, fault.CodeNotFound) || len(w.provider.asked("me")) > asked {
		t.Errorf("a connection that is being deleted: %v", err)
	}
}

// Two people who saw the same version: one of them replaces it.
func TestReplaceAtTheSameTime(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	values := []string{"key-" + mark + "-a-0010", "key-" + mark + "-b-0011", "key-" + mark + "-c-0012", "key-" + mark + "-d-0013"}
	for _, value := range values {
		w.provider.keys[value] = "bob"
	}
	var together, group sync.WaitGroup
	together.Add(len(values))
	w.provider.before = func(string) {
		together.Done()
		together.Wait()
	}
	errs := make([]error, len(values))
	for i, value := range values {
		group.Go(func() { _, errs[i] = w.put(c.ID, `"2"`, value) })
	}
	group.Wait()
	winner := ""
	for i, err := range errs {
		if err != nil {
			refused(t, err, fault.CodePreconditionFailed)
			continue
		}
		if winner != "" {
			t.Error("two replacements of one version succeeded")
		}
		winner = values[i]
	}
	w.serves(c.ID, winner)
	if now := w.get(c.ID); now.Credential.Version != 2 {
		t.Errorf("version %d", now.Credential.Version)
	}
	w.provider.before = nil
	_, err := w.put(c.ID, `"3"`, nextKey)
	must(t, err)
	w.serves(c.ID, nextKey)
}

// A paused connection may get a new key, and stays paused.
func TestReplaceWhilePaused(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	_, err := w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return nil })
	must(t, err)
	_, err = w.put(c.ID, "*", nextKey)
	must(t, err)
	if got := w.status(c.ID); got != "disabled/disabled" {
		t.Errorf("status %s", got)
	}
}

// A connection deleted while its new key is being verified: the key must not
// survive in the secret store.
func TestReplaceOfADeletedConnection(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	w.provider.before = func(string) {
		w.provider.before = nil
		_, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
		must(t, err)
	}
	_, err := w.put(c.ID, `"2"`, nextKey)
	refused(t, err, fault.CodeNotFound)
	if names := w.secretsOf("acme"); len(names) > 0 {
		t.Errorf("secrets %v are left", names)
	}
	if _, err := w.stored.Get(t.Context(), vault.Locator{Secret: c.SecretName, Version: c.Credential.At.Version}); err == nil {
		t.Error("the old key can be read")
	}
}
