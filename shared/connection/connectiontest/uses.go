package connectiontest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

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
