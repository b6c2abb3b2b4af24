package vaulttest

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

func testDisable(t *testing.T, s KeyService) {
	if arn, err := s.Keys.FindKey(t.Context(), "acme"); arn != "" || err != nil {
		t.Errorf("found %q, %v of a tenant without a key", arn, err)
	}
	ours, theirs := s.make(t, "acme"), s.make(t, "globex")
	for range 2 {
		must(t, s.Keys.DisableKey(t.Context(), ours.arn))
	}
	_, err := s.Keys.Unwrap(t.Context(), ours.arn, ours.wrapped, vault.Binding("acme"))
	want(t, "unwrap", err, fault.CodeCredentialUnavailable)
	if !errors.Is(err, vault.ErrKeyUnusable) {
		t.Errorf("unwrap: got %v, want ErrKeyUnusable", err)
	}
	_, err = s.Keys.Unwrap(t.Context(), theirs.arn, theirs.wrapped, vault.Binding("globex"))
	must(t, err)
	if arn, err := s.Keys.FindKey(t.Context(), "acme"); arn != ours.arn || err != nil {
		t.Errorf("found %q, %v; want %s", arn, err, ours.arn)
	}
}

func testScheduled(t *testing.T, s KeyService) {
	k := s.make(t, "acme")
	var first time.Time
	for n := range 2 {
		at, err := s.Keys.ScheduleKeyDeletion(t.Context(), k.arn, 30)
		must(t, err)
		if left := time.Until(at); n == 0 && (left < 29*24*time.Hour || left > 31*24*time.Hour) {
			t.Errorf("deleted in %s, want 30 days", left)
		}
		if n == 0 {
			first = at
		} else if !at.Equal(first) {
			t.Errorf("the second call moved the deletion from %s to %s", first, at)
		}
	}
	must(t, s.Keys.DisableKey(t.Context(), k.arn))
	_, _, err := s.Keys.NewDataKey(t.Context(), k.arn, vault.Binding("acme"))
	want(t, "new data key", err, fault.CodeCredentialUnavailable)
}
