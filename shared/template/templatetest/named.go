package templatetest

import (
	"context"
	"errors"
	"testing"

	"github.com/tenonhq/tenon/shared/template"
)

// Named implements template.Store.
func (m *Memory) Named(_ context.Context, owner, stableKey string) (template.Template, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for at, t := range m.records {
		if at.owner == owner && t.StableKey == stableKey {
			return clone(t)
		}
	}
	return template.Template{}, template.ErrNotFound
}

// named: a template is found by the stable key it has, of its owner alone, until it
// is deleted.
func named(t *testing.T, s template.Store) {
	made := template.Template{Owner: "acme", ID: "tpl_1", Connector: "stripe", Name: "Stripe", StableKey: "payments"}
	if err := s.Create(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Named(t.Context(), "acme", "payments"); err != nil || got.ID != made.ID || got.Owner != "acme" {
		t.Errorf("Named: %+v, %v", got, err)
	}
	for owner, key := range map[string]string{"acme": "stripe", "globex": "payments"} {
		if got, err := s.Named(t.Context(), owner, key); !errors.Is(err, template.ErrNotFound) {
			t.Errorf("%s of %s: %+v, %v", key, owner, got, err)
		}
	}
	if err := s.Delete(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Named(t.Context(), "acme", "payments"); !errors.Is(err, template.ErrNotFound) {
		t.Errorf("a deleted template: %+v, %v", got, err)
	}
}
