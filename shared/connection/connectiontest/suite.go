package connectiontest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/template"
)

// Stores are a new, empty store of connections and the store of templates that
// belongs to it.
type Stores struct {
	connection.Store
	Templates template.Store
}

// Run checks a store against the documentation of connection.Store, with new
// stores for every subtest.
func Run(t *testing.T, open func(t *testing.T) Stores) {
	RunSequential(t, open)
	t.Run("concurrent updates lose nothing", func(t *testing.T) { concurrentUpdates(t, seeded(t, open)) })
	t.Run("a template is deleted or used", func(t *testing.T) { concurrentUse(t, seeded(t, open)) })
}

// seeded opens stores with the templates of the samples.
func seeded(t *testing.T, open func(t *testing.T) Stores) Stores {
	t.Helper()
	s := open(t)
	for _, id := range []string{"tpl_1", "tpl_2"} {
		if err := s.Templates.Create(t.Context(), template.Template{Owner: owner, ID: id, StableKey: id}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

const owner = "org" // Of the templates.

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) Stores) {
	for _, c := range []struct {
		name string
		test func(*testing.T, connection.Store)
	}{
		{"an absent connection is not found", absent},
		{"a new connection has version one", create},
		{"an existing id is refused", createTwice},
		{"another tenant's connection is not found", otherTenant},
		{"records are copies", copies},
		{"an update is stored and counted", update},
		{"an update starts over after a write in between", updateStartsOver},
		{"an update starts over after an answer in between", updateAfterAnswer},
		{"an error of change stores nothing", updateFails},
		{"an update does not bring a deleted connection back", updateDeleted},
		{"an answer is saved for the newest epoch", saveAnswer},
		{"an answer of another epoch is fenced", saveLateAnswer},
		{"a use is noted and counted", used},
		{"a list is in order and pages end exactly", listPages},
		{"a list is filtered in full pages", listFilters},
		{"a list holds one tenant", listTenant},
		{"due are those at or before", dueUntil},
		{"due is per index", dueIndexes},
		{"due ends with the time", dueEnds},
		{"due does not depend on the lifecycle", dueLifecycle},
		{"due is limited and drains", dueDrains},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, seeded(t, open).Store) })
	}
	for _, c := range []struct {
		name string
		test func(*testing.T, Stores)
	}{
		{"a connection uses its template until it is deleted", uses},
		{"the uses of a template come in pages", usedBy},
		{"a use says who minted the credential", usesMinted},
		{"a refused connection uses no template", refusedUse},
		{"a template that is gone or going gets no connection", noTemplate},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, seeded(t, open)) })
	}
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// sample returns a connection; n decides its id.
func sample(tenant string, n int) connection.Connection {
	return connection.Connection{
		Tenant: tenant, ID: fmt.Sprintf("con_%04d", n), Connector: "crm", Environment: "production", TemplateID: "tpl_1", TemplateOwner: owner,
		Name: "Sales", Labels: map[string]string{"team": "sales", "empty": ""}, Lifecycle: connection.Ready,
		RequestedScopes: []string{"write", "read"}, CreatedAt: now, UpdatedAt: now.Add(time.Nanosecond),
		Credential: &connection.Credential{Version: 2, Last4: "abcd", SetAt: now},
		Outbox:     []notify.Event{{ID: "evt_1", Type: "connection.status", At: now, Detail: map[string]string{"status": "active"}}}, OutboxAt: now.Add(time.Minute),
		Lease: []byte{0, 1, 255}, Refresh: connection.Refresh{Intent: &connection.Intent{Epoch: 1, At: now}},
	}
}

func absent(t *testing.T, s connection.Store) {
	if _, err := s.Get(t.Context(), "acme", "con_0001"); !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
	_, err := s.Update(t.Context(), "acme", "con_0001", func(*connection.Connection) error {
		t.Error("change was called without a record")
		return nil
	})
	if !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
	if err := s.SaveAnswer(t.Context(), "acme", "con_0001", 0, []byte("a")); !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("SaveAnswer: got %v, want ErrNotFound", err)
	}
	if err := s.Delete(t.Context(), "acme", "con_0001"); err != nil {
		t.Errorf("Delete: got %v, want no error: a deletion may be repeated", err)
	}
	found, next, err := s.List(t.Context(), "acme", connection.Filter{}, "", 10)
	if err != nil || len(found) != 0 || next != "" {
		t.Errorf("List: got %d records, next %q, error %v; want nothing", len(found), next, err)
	}
}

func create(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	c.Version = 7
	store(t, s, c)
	c.Version = 1
	equal(t, get(t, s, c), c)
}

func createTwice(t *testing.T, s connection.Store) {
	first, second := sample("acme", 1), sample("acme", 1)
	second.Name = "Support"
	store(t, s, first)
	if err := s.Create(t.Context(), second); !errors.Is(err, connection.ErrExists) {
		t.Errorf("second Create: got %v, want ErrExists", err)
	}
	if got := get(t, s, first).Name; got != first.Name {
		t.Errorf("name after the refused Create: got %q, want %q", got, first.Name)
	}
}

func otherTenant(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	store(t, s, c)
	if _, err := s.Get(t.Context(), "globex", c.ID); !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
	_, err := s.Update(t.Context(), "globex", c.ID, func(c *connection.Connection) error { c.Name = "taken"; return nil })
	if !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
	if err := s.SaveAnswer(t.Context(), "globex", c.ID, 0, []byte("a")); !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("SaveAnswer: got %v, want ErrNotFound", err)
	}
	if err := s.Delete(t.Context(), "globex", c.ID); err != nil {
		t.Errorf("Delete: %v", err)
	}
	c.Version = 1
	equal(t, get(t, s, c), c)
}

func copies(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	store(t, s, c)
	c.Labels["team"], c.Lease[0], c.Credential.Last4 = "changed", 9, "changed"
	read := get(t, s, c)
	read.Labels["team"], read.RequestedScopes[0], read.Refresh.Intent.Epoch = "changed", "changed", 9
	var kept *connection.Connection
	updated, err := s.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { kept = c; return nil })
	if err != nil {
		t.Fatal(err)
	}
	kept.Labels["team"], updated.Lease[0] = "changed", 9
	want := sample("acme", 1)
	want.Version = 2
	equal(t, get(t, s, c), want)
}

func store(t *testing.T, s connection.Store, records ...connection.Connection) {
	t.Helper()
	for _, c := range records {
		if err := s.Create(t.Context(), c); err != nil {
			t.Fatalf("Create %s: %v", c.ID, err)
		}
	}
}

func get(t *testing.T, s connection.Store, c connection.Connection) connection.Connection {
	t.Helper()
	got, err := s.Get(t.Context(), c.Tenant, c.ID)
	if err != nil {
		t.Fatalf("Get %s: %v", c.ID, err)
	}
	return got
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored record differs (-want +got):\n%s", diff)
	}
}
