package connectiontest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/template"
)

func uses(t *testing.T, s Stores) {
	first, second := sample("acme", 1), sample("globex", 1)
	inUse(t, s, "tpl_1", false)
	store(t, s, first, second)
	inUse(t, s, "tpl_1", true)
	inUse(t, s, "tpl_2", false)
	for _, step := range []struct {
		remove connection.Connection
		left   bool
	}{{first, true}, {first, true}, {second, false}} {
		if err := s.Delete(t.Context(), step.remove.Tenant, step.remove.ID); err != nil {
			t.Fatalf("Delete: %v", err)
		}
		inUse(t, s, "tpl_1", step.left)
	}
}

func usesMinted(t *testing.T, s Stores) {
	first, second, third := sample("acme", 1), sample("globex", 1), sample("acme", 2)
	first.Credential.MintedBy, third.Credential = 1, nil
	store(t, s, first, second, third)
	wantUses(t, s, "tpl_1", map[int]int{0: 2, 1: 1})
	wantUses(t, s, "tpl_2", map[int]int{})
	for _, mint := range []struct {
		c    connection.Connection
		by   int
		want map[int]int
	}{
		{first, 2, map[int]int{0: 2, 2: 1}},
		{second, 2, map[int]int{0: 1, 2: 2}},
		{third, 1, map[int]int{1: 1, 2: 2}},
		{first, 2, map[int]int{1: 1, 2: 2}},
		{second, 0, map[int]int{0: 1, 1: 1, 2: 1}},
	} {
		got, err := s.Update(t.Context(), mint.c.Tenant, mint.c.ID, func(c *connection.Connection) error {
			c.Credential = &connection.Credential{MintedBy: mint.by}
			return nil
		})
		if err != nil {
			t.Fatalf("Update: %v", err)
		}
		equal(t, get(t, s, mint.c), got)
		wantUses(t, s, "tpl_1", mint.want)
	}
	mintFails(t, s, first)
	if err := s.Delete(t.Context(), second.Tenant, second.ID); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	wantUses(t, s, "tpl_1", map[int]int{1: 1, 2: 1})
}

// mintFails lets a new credential lose: to a write in between it starts over,
// to a deletion it adds no use.
func mintFails(t *testing.T, s Stores, c connection.Connection) {
	t.Helper()
	runs := 0
	_, err := s.Update(t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error {
		if runs++; runs == 1 {
			rename(t, s, c.ID, "Between")
		}
		c.Credential = &connection.Credential{MintedBy: 2 + runs}
		return nil
	})
	if got := get(t, s, c); err != nil || runs != 2 || got.Name != "Between" || got.MintedBy() != 4 {
		t.Errorf("after %d runs: %q minted by %d, %v", runs, got.Name, got.MintedBy(), err)
	}
	wantUses(t, s, "tpl_1", map[int]int{0: 1, 1: 1, 4: 1})
	gone := sample(c.Tenant, 7)
	store(t, s, gone)
	_, err = s.Update(t.Context(), gone.Tenant, gone.ID, func(c *connection.Connection) error {
		c.Credential = &connection.Credential{MintedBy: 9}
		return s.Delete(t.Context(), c.Tenant, c.ID)
	})
	if !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("Update of a deleted connection: got %v, want ErrNotFound", err)
	}
	wantUses(t, s, "tpl_1", map[int]int{0: 1, 1: 1, 4: 1})
	if _, err := s.Update(t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error { c.Credential.MintedBy = 2; return nil }); err != nil {
		t.Errorf("Update: %v", err)
	}
}

func wantUses(t *testing.T, s Stores, id string, want map[int]int) {
	t.Helper()
	got, err := s.Templates.Uses(t.Context(), owner, id)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("uses of %s, %v (-want +got):\n%s", id, err, diff)
	}
}

func refusedUse(t *testing.T, s Stores) {
	store(t, s, sample("acme", 1))
	again := sample("acme", 1)
	again.TemplateID = "tpl_2"
	if err := s.Create(t.Context(), again); !errors.Is(err, connection.ErrExists) {
		t.Errorf("second Create: got %v, want ErrExists", err)
	}
	inUse(t, s, "tpl_2", false)
}

func noTemplate(t *testing.T, s Stores) {
	hide(t, s, "tpl_1", true)
	absent, foreign := sample("acme", 2), sample("acme", 3)
	absent.TemplateID, foreign.TemplateOwner = "tpl_9", "acme"
	for _, c := range []connection.Connection{sample("acme", 1), absent, foreign} {
		if err := s.Create(t.Context(), c); !errors.Is(err, connection.ErrNoTemplate) {
			t.Errorf("Create from %s of %s: got %v, want ErrNoTemplate", c.TemplateID, c.TemplateOwner, err)
		}
		if _, err := s.Get(t.Context(), c.Tenant, c.ID); !errors.Is(err, connection.ErrNotFound) {
			t.Errorf("Get of the refused connection: got %v, want ErrNotFound", err)
		}
	}
	inUse(t, s, "tpl_1", false)
	hide(t, s, "tpl_1", false)
	store(t, s, sample("acme", 1))
}

// concurrentUse hides a template while connections are made from it: those that
// were made are seen by whoever hid it.
func concurrentUse(t *testing.T, s Stores) {
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			err := s.Create(t.Context(), sample("acme", n))
			if err != nil && !errors.Is(err, connection.ErrNoTemplate) {
				t.Errorf("Create: %v", err)
			}
		})
	}
	hide(t, s, "tpl_1", true)
	used, err := s.Templates.InUse(t.Context(), owner, "tpl_1")
	wg.Wait()
	found, _, err2 := s.List(t.Context(), "acme", connection.Filter{}, "", 100)
	if err := errors.Join(err, err2); err != nil || used != (len(found) > 0) {
		t.Errorf("in use %t with %d connections, %v", used, len(found), err)
	}
}

func hide(t *testing.T, s Stores, id string, hidden bool) {
	t.Helper()
	_, err := s.Templates.Update(t.Context(), owner, id, func(t *template.Template) error { t.Deleting = hidden; return nil })
	if err != nil {
		t.Fatal(fmt.Errorf("hide template: %w", err))
	}
}

func inUse(t *testing.T, s Stores, id string, want bool) {
	t.Helper()
	got, err := s.Templates.InUse(t.Context(), owner, id)
	if err != nil || got != want {
		t.Errorf("InUse of %s: got %t, %v; want %t", id, got, err, want)
	}
}
