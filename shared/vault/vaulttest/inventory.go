package vaulttest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/vault"
)

// listed is what the list shows of a secret.
type listed struct {
	made        time.Time
	tenant      string
	orphanSince time.Time
}

// inventoryPage is how many secrets a page of the list has.
const inventoryPage = 2

// List implements vault.Inventory, in pages of two.
func (s *Secrets) List(_ context.Context, t time.Time, start string) ([]vault.Stored, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var page []vault.Stored
	for _, name := range slices.Sorted(maps.Keys(s.secrets)) {
		x := s.secrets[name]
		if name <= start || !x.made.Before(t) {
			continue
		}
		if len(page) == inventoryPage {
			return page, page[inventoryPage-1].Name, nil
		}
		page = append(page, vault.Stored{Name: name, Tenant: x.tenant, OrphanSince: x.orphanSince})
	}
	return page, "", nil
}

// Quarantine implements vault.Inventory.
func (s *Secrets) Quarantine(_ context.Context, name string, since time.Time) error {
	s.tag(name, func(x *stored) { x.orphanSince = since.UTC().Truncate(time.Second) })
	return nil
}

// Release implements vault.Inventory.
func (s *Secrets) Release(_ context.Context, name string) error {
	s.tag(name, func(x *stored) { x.orphanSince = time.Time{} })
	return nil
}

// Discard implements vault.Inventory; Restore brings the secret back.
func (s *Secrets) Discard(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.secrets[name]; ok {
		if s.discarded == nil {
			s.discarded = map[string]*stored{}
		}
		s.discarded[name] = x
		delete(s.secrets, name)
	}
	return nil
}

// Restore brings back what Discard deleted and reports whether it could.
func (s *Secrets) Restore(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.discarded[name]
	if ok {
		s.secrets[name] = x
		delete(s.discarded, name)
	}
	return ok
}

// Claim tags the secret as that of a tenant, whatever its name says.
func (s *Secrets) Claim(name, tenant string) { s.tag(name, func(x *stored) { x.tenant = tenant }) }

func (s *Secrets) tag(name string, change func(*stored)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.secrets[name]; ok {
		change(x)
	}
}
