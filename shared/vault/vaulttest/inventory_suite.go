package vaulttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// InventoryStore is a secret store under test and its list, empty at first.
type InventoryStore struct {
	SecretStore
	Inventory vault.Inventory
	// Restore takes a deletion back.
	Restore func(t *testing.T, name string)
}

// RunInventory is the contract of vault.Inventory.
func RunInventory(t *testing.T, store func(*testing.T) InventoryStore, known Differences) {
	on := func(test func(*testing.T, InventoryStore)) func(*testing.T) {
		return func(t *testing.T) { test(t, store(t)) }
	}
	known.run(t, map[string]func(*testing.T){
		"a new secret is listed with its tenant":      on(testListed),
		"a quarantine is listed, renewed and ended":   on(testQuarantine),
		"a quarantined secret serves":                 on(testQuarantineServes),
		"a discarded secret is gone and can be had":   on(testDiscard),
		"what is gone is left alone":                  on(testInventoryOfNothing),
		"a secret made after the time is not listed":  on(testListedByAge),
		"a list has every secret once, over any page": on(testListedOnce),
	})
}

// since is a time of whole seconds.
var since = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// wantListed compares the whole list of what was made until an hour from now.
func (s InventoryStore) wantListed(t *testing.T, want ...vault.Stored) {
	t.Helper()
	if diff := cmp.Diff(want, s.list(t, time.Now().Add(time.Hour))); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
}

func (s InventoryStore) list(t *testing.T, before time.Time) []vault.Stored {
	t.Helper()
	var all []vault.Stored
	for start, more := "", true; more; more = start != "" {
		page, next, err := s.Inventory.List(t.Context(), before, start)
		must(t, err)
		all, start = append(all, page...), next
	}
	return all
}

func testListed(t *testing.T, s InventoryStore) {
	s.wantListed(t)
	s.create(t)
	s.wantListed(t, vault.Stored{Name: name, Tenant: "acme"})
}

func testQuarantine(t *testing.T, s InventoryStore) {
	s.create(t)
	for _, at := range []time.Time{since, since.Add(time.Hour).In(time.FixedZone("", 7200))} {
		must(t, s.Inventory.Quarantine(t.Context(), name, at))
		s.wantListed(t, vault.Stored{Name: name, Tenant: "acme", OrphanSince: at.UTC()})
	}
	for range 2 {
		must(t, s.Inventory.Release(t.Context(), name))
		s.wantListed(t, vault.Stored{Name: name, Tenant: "acme"})
	}
}

func testQuarantineServes(t *testing.T, s InventoryStore) {
	v1 := s.create(t)
	must(t, s.Inventory.Quarantine(t.Context(), name, since))
	s.wantValue(t, v1, 1)
	s.wantLabels(t, map[string][]string{v1: {current}})
}

func testDiscard(t *testing.T, s InventoryStore) {
	v1 := s.create(t)
	for range 2 {
		must(t, s.Inventory.Discard(t.Context(), name))
		s.wantListed(t)
	}
	_, err := s.Secrets.Get(t.Context(), vault.Locator{Secret: name, Version: v1})
	want(t, "get", err, fault.CodeCredentialUnavailable)
	must(t, s.Inventory.Quarantine(t.Context(), name, since))
	must(t, s.Inventory.Release(t.Context(), name))
	s.Restore(t, name)
	s.wantValue(t, v1, 1)
	s.wantListed(t, vault.Stored{Name: name, Tenant: "acme"})
}

func testInventoryOfNothing(t *testing.T, s InventoryStore) {
	must(t, s.Inventory.Quarantine(t.Context(), name, since))
	must(t, s.Inventory.Release(t.Context(), name))
	must(t, s.Inventory.Discard(t.Context(), name))
	s.wantListed(t)
}

func testListedByAge(t *testing.T, s InventoryStore) {
	s.create(t)
	if got := s.list(t, time.Now().Add(-time.Hour)); len(got) != 0 {
		t.Errorf("listed as older than an hour: %v", got)
	}
}

func testListedOnce(t *testing.T, s InventoryStore) {
	var all []vault.Stored
	for n := range 7 {
		made := vault.SecretName("test", "acme", fmt.Sprintf("con_%d", n), "r")
		_, err := s.Secrets.Create(t.Context(), made, s.KeyARN, token(n), value(n))
		must(t, err)
		all = append(all, vault.Stored{Name: made, Tenant: "acme"})
	}
	s.wantListed(t, all...)
}
