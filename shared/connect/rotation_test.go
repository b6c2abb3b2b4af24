package connect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
)

const (
	pendingLabel  = "AWSPENDING"
	currentLabel  = "AWSCURRENT"
	previousLabel = "AWSPREVIOUS"
	grace         = time.Hour
)

// reconciler is who ends a grace.
var reconciler = auth.Job("job-reconcile", "acme", "run-1")

func (w *world) stage(id, ifMatch, value string) (connection.Connection, error) {
	return w.StageCredential(w.t.Context(), w.caller, id, ifMatch, apiKey(value))
}

func (w *world) promote(id string, version int, grace time.Duration) (connection.Connection, error) {
	return w.Promote(w.t.Context(), w.caller, connect.Promotion{ConnectionID: id, IfMatch: "*", Version: version, Grace: grace})
}

func (w *world) drop(id string, version int) (connection.Connection, error) {
	return w.Discard(w.t.Context(), w.caller, id, "*", version)
}

// staged is a connection with the good key and the next one pending.
func staged(t *testing.T) (*world, connection.Connection) {
	w, c := replaceable(t)
	_, err := w.stage(c.ID, "*", nextKey)
	must(t, err)
	return w, w.get(c.ID)
}

// promoted is a connection with the next key, and the good one as the previous.
func promoted(t *testing.T) (*world, connection.Connection) {
	w, c := staged(t)
	_, err := w.promote(c.ID, 0, grace)
	must(t, err)
	return w, w.get(c.ID)
}

// labelled checks that the secret store labels what the record names, and
// nothing else.
func (w *world) labelled(id string) {
	w.t.Helper()
	c := w.get(id)
	want := map[string][]string{c.Credential.At.Version: {currentLabel}}
	if c.Pending != nil {
		want[c.Pending.At.Version] = []string{pendingLabel}
	}
	if c.Previous != nil {
		want[c.Previous.At.Version] = []string{previousLabel}
	}
	if diff := cmp.Diff(want, w.stored.Labels(c.SecretName)); diff != "" {
		w.t.Errorf("labels (-want +got):\n%s", diff)
	}
	if len(c.Retiring) > 0 {
		w.t.Errorf("still to be retired: %v", c.Retiring)
	}
}

// versions returns the numbers of the pending, current and previous credential;
// zero for none.
func versions(c connection.Connection) [3]int {
	v := [3]int{1: c.Credential.Version}
	if c.Pending != nil {
		v[0] = c.Pending.Version
	}
	if c.Previous != nil {
		v[2] = c.Previous.Version
	}
	return v
}

func (w *world) wantVersions(id string, pending, current, previous int) {
	w.t.Helper()
	if got, want := versions(w.get(id)), [3]int{pending, current, previous}; got != want {
		w.t.Errorf("pending, current and previous versions: got %v, want %v", got, want)
	}
}

// CRD-03: the old key serves until the new one is promoted, and is kept until
// its grace ends.
func TestStagedRotation(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	shown, err := w.stage(c.ID, `"2"`, nextKey)
	must(t, err)
	w.serves(c.ID, goodKey)
	w.wantVersions(c.ID, 2, 1, 0)
	w.labelled(c.ID)
	if k := shown.Pending; shown.Revision != 3 || k.Last4 != "0002" || k.SetBy != "acme/ann" || k.Outcome != catalog.OK {
		t.Errorf("revision %d, pending %+v", shown.Revision, k)
	}
	w.provider.before = func(string) { w.serves(c.ID, goodKey) }
	shown, err = w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: `"3"`, Grace: grace})
	must(t, err)
	w.serves(c.ID, nextKey)
	w.wantVersions(c.ID, 0, 2, 1)
	w.labelled(c.ID)
	if k := shown.Previous; shown.Revision != 4 || k.Last4 != "0001" || !shown.Due.Reconcile.Equal(k.Until) || w.status(c.ID) != "active" {
		t.Errorf("revision %d, previous %+v, due %+v", shown.Revision, k, shown.Due)
	}
	if left := shown.Previous.Until.Sub(w.Now()); left > grace || left < grace-time.Second {
		t.Errorf("the grace ends in %s", left)
	}
	if k := shown.Credential; k.Last4 != "0002" || k.SetBy != "acme/ann" || !k.SetAt.Equal(k.PromotedAt) || k.SetAt.After(shown.UpdatedAt) {
		t.Errorf("current %+v", k)
	}
	events := w.bus.Events()
	if last := events[len(events)-1]; last.Type != notify.ConnectionPromoted || last.Resource != c.ID || last.Detail["version"] != "2" {
		t.Errorf("last event %+v", last)
	}
	for action, want := range map[audit.Action][]string{audit.CredentialPut: {"allowed"}, audit.CredentialPromote: {"allowed"}} {
		if diff := cmp.Diff(want, w.outcomes(action, c.ID)); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	}
}

// CRD-02: a key that the system does not accept yet is saved, and changes
// nothing when it is promoted too early.
func TestStagedKeyIsSwitchedOnLater(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	delete(w.provider.keys, nextKey)
	_, err := w.stage(c.ID, "*", nextKey)
	must(t, err)
	before := w.get(c.ID)
	if got := before.Pending.Outcome; got != catalog.AuthError {
		t.Errorf("outcome %s", got)
	}
	for name, test := range map[string]struct {
		status int
		down   bool
		owner  string
		want   fault.Code
	}{
		"not switched on":    {want: fault.CodeVerificationFailed},
		"a provider failure": {status: 500, owner: "bob", want: fault.CodeProviderUnavailable},
		"no network":         {down: true, owner: "bob", want: fault.CodeProviderUnavailable},
		"another account":    {owner: "carol", want: fault.CodeAccountMismatch},
	} {
		w.provider.status["me"], w.provider.down["me"] = test.status, test.down
		delete(w.provider.keys, nextKey)
		if test.owner != "" {
			w.provider.keys[nextKey] = test.owner
		}
		_, err := w.promote(c.ID, 0, grace)
		if !fault.Has(err, test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
		w.serves(c.ID, goodKey)
		w.labelled(c.ID)
		if diff := cmp.Diff(before, w.get(c.ID)); diff != "" {
			t.Errorf("%s: record (-before +after):\n%s", name, diff)
		}
	}
	w.provider.status["me"], w.provider.down["me"], w.provider.keys[nextKey] = 0, false, "bob"
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	w.serves(c.ID, nextKey)
}

// API-03: what cannot be staged changes nothing.
func TestStageRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ifMatch, value, account string
		want                    fault.Code
	}{
		"an empty key":     {ifMatch: `"2"`, want: fault.CodeValidationFailed},
		"a line break":     {ifMatch: `"2"`, value: nextKey + "\r\nX-Evil: 1", want: fault.CodeValidationFailed},
		"another account":  {ifMatch: `"2"`, value: nextKey, account: "carol", want: fault.CodeAccountMismatch},
		"no If-Match":      {value: nextKey, want: fault.CodePreconditionRequired},
		"a stale If-Match": {ifMatch: `"1"`, value: nextKey, want: fault.CodePreconditionFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := replaceable(t)
			if test.account != "" {
				w.provider.keys[nextKey] = test.account
			}
			_, err := w.stage(c.ID, test.ifMatch, test.value)
			refused(t, err, test.want)
			w.labelled(c.ID)
			if diff := cmp.Diff(c, w.get(c.ID)); diff != "" {
				t.Errorf("record (-before +after):\n%s", diff)
			}
		})
	}
}

// What the system says to a staged key is recorded, and keeps it from nothing.
func TestStagedOutcome(t *testing.T) {
	t.Parallel()
	for want, test := range map[catalog.Outcome]struct {
		status int
		down   bool
	}{
		catalog.AuthError: {status: 401}, catalog.PermissionError: {status: 403}, catalog.RateLimited: {status: 429},
		catalog.ProviderError: {status: 500}, catalog.NetworkError: {down: true}, catalog.Unknown: {status: 404},
	} {
		w, c := replaceable(t)
		w.provider.status["me"], w.provider.down["me"] = test.status, test.down
		staged, err := w.stage(c.ID, "*", nextKey)
		must(t, err)
		if staged.Pending.Outcome != want || len(w.provider.asked("me")) != 2 {
			t.Errorf("%s: got %s after %d calls", want, staged.Pending.Outcome, len(w.provider.asked("me")))
		}
		if got := w.status(c.ID); got != "active" {
			t.Errorf("%s: the connection is %s", want, got)
		}
	}
}

func TestStageRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	waiting, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: c.TemplateID, Name: "CRM"})
	must(t, err)
	sign := w.connected(w.demo("oauth2_authorization_code"))
	reader := w.caller
	reader.Scopes = []string{auth.ConnectionsRead, auth.ConnectionsLease}
	for name, test := range map[string]struct {
		by   auth.Caller
		id   string
		want fault.Code
	}{
		"a sign in":                  {w.caller, sign.ID, fault.CodeSchemeMismatch},
		"nothing to keep":            {w.caller, waiting.ID, fault.CodeConflict},
		"another tenant":             {caller("globex", "eve"), c.ID, fault.CodeNotFound},
		"a caller who may only read": {reader, c.ID, fault.CodeForbidden},
	} {
		_, stage := w.StageCredential(t.Context(), test.by, test.id, "*", apiKey(nextKey))
		if !fault.Has(stage, test.want) {
			t.Errorf("%s: got %v, want %s", name, stage, test.want)
		}
		if test.want != fault.CodeNotFound && test.want != fault.CodeForbidden {
			continue
		}
		_, promote := w.Promote(t.Context(), test.by, connect.Promotion{ConnectionID: test.id, IfMatch: "*"})
		_, discard := w.Discard(t.Context(), test.by, test.id, "*", 0)
		if !fault.Has(promote, test.want) || !fault.Has(discard, test.want) {
			t.Errorf("%s: got %v and %v, want %s", name, promote, discard, test.want)
		}
	}
	w.wantVersions(c.ID, 0, 1, 0)
}
