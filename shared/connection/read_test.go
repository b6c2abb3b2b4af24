package connection_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

func TestListAndSummary(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.create(t, "con_2", func(c *connection.Connection) { c.Lifecycle = connection.Disabled })
	r.create(t, "con_3", func(c *connection.Connection) { c.Connector = "shop"; c.Health.Ring = "p" })
	if got, err := r.Get(t.Context(), ann, "con_2"); err != nil || got.ID != "con_2" {
		t.Errorf("Get: got %s, %v", got.ID, err)
	}
	for status, want := range map[string][]string{"": {"con_1", "con_2", "con_3"}, "active": {"con_1"}, "degraded": {"con_3"}, "pending": nil} {
		found, next, err := r.List(t.Context(), ann, connection.Filter{}, status, "", 10)
		var ids []string
		for _, c := range found {
			ids = append(ids, c.ID)
		}
		if diff := cmp.Diff(want, ids); diff != "" || err != nil || next != "" {
			t.Errorf("list of %q: %v, next %q, differs (-want +got):\n%s", status, err, next, diff)
		}
	}
	got, err := r.Summary(t.Context(), ann)
	want := connection.Summary{"crm": {"active": 1, "disabled": 1}, "shop": {"degraded": 1}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("summary: %v, differs (-want +got):\n%s", err, diff)
	}
	if api := got.API(); api.Total != 3 || api.ByStatus["active"] != 1 {
		t.Errorf("summary: got %+v, want three", api)
	}
	nobody := auth.Caller{Tenant: "acme", Home: "acme"}
	_, one := r.Get(t.Context(), nobody, "con_1")
	_, _, many := r.List(t.Context(), nobody, connection.Filter{}, "", "", 10)
	_, sum := r.Summary(t.Context(), nobody)
	for _, err := range []error{one, many, sum} {
		if !fault.Has(err, fault.CodeForbidden) {
			t.Errorf("without the scope: got %v, want forbidden", err)
		}
	}
}

func TestSummaryReadsEveryPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 250 {
		r.create(t, "con_1"+string(rune('a'+i/26))+string(rune('a'+i%26)), func(*connection.Connection) {})
	}
	got, err := r.Summary(t.Context(), ann)
	if err != nil || got.API().Total != 251 {
		t.Errorf("got %d, %v; want 251", got.API().Total, err)
	}
}

// What the API shows holds nothing sealed and no place of a secret.
func TestAPIShowsNoSecret(t *testing.T) {
	t.Parallel()
	expires := now.Add(time.Hour)
	c := connection.Connection{
		ID: "con_1", Lifecycle: connection.Ready, Revision: 3, Account: connection.Account{ID: "a1", Name: "Acme"}, SecretName: "tenon/secret", Lease: []byte("sealed"),
		Credential: &connection.Credential{Version: 2, Last4: "abcd", User: "ann", ExpiresAt: expires, Refreshable: true},
	}
	got := c.API(now)
	if got.Account == nil || got.Account.ID != "a1" || got.Credential == nil || got.Credential.Last4 != "abcd" || got.Credential.Version != 2 || !got.Credential.ExpiresAt.Equal(expires) || got.Revision != 3 || got.Status != "active" {
		t.Errorf("got %+v, want account, credential and status", got)
	}
	c.Account, c.Credential.ExpiresAt = connection.Account{}, time.Time{}
	if got := c.API(now); got.Account != nil || got.Credential.ExpiresAt != nil {
		t.Errorf("got account %v, expiry %v; want neither", got.Account, got.Credential.ExpiresAt)
	}
	c.Credential = nil
	if got := c.API(now); got.Credential != nil {
		t.Errorf("got credential %v, want none", got.Credential)
	}
}
