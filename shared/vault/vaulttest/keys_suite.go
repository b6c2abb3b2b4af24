package vaulttest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// KeyService is a key service under test, empty at first.
type KeyService struct {
	Keys interface {
		vault.Keys
		CreateTenantKey(ctx context.Context, tenant string) (keyARN string, err error)
		FindKey(ctx context.Context, name string) (keyARN string, err error)
		DisableKey(ctx context.Context, keyARN string) error
		ScheduleKeyDeletion(ctx context.Context, keyARN string, days int) (time.Time, error)
	}
	// Disable makes a key unusable, as an administrator would.
	Disable func(t *testing.T, keyARN string)
}

// RunKeys is the contract of vault.Keys and tenant.Keys.
func RunKeys(t *testing.T, service func(*testing.T) KeyService, known Differences) {
	on := func(test func(*testing.T, KeyService)) func(*testing.T) {
		return func(t *testing.T) { test(t, service(t)) }
	}
	known.run(t, map[string]func(*testing.T){
		"a data key opens with its binding":        on(testUnwrap),
		"every data key is new":                    on(testFreshKeys),
		"another binding is an integrity fault":    on(testBinding),
		"another key is an integrity fault":        on(testOtherKey),
		"a changed blob is an integrity fault":     on(testChangedBlob),
		"a disabled key is unavailable":            on(testDisabledKey),
		"an absent key is unavailable":             on(testAbsentKey),
		"a tenant's key is found again":            on(testCreateAgain),
		"tenants have different keys":              on(testTenantsDiffer),
		"a disabled tenant key is not replaced":    on(testNotReplaced),
		"calls at the same time agree on one key":  on(testCreateRace),
		"a failure does not hold the key material": on(testQuietErrors),
		"a key that is disabled opens nothing":     on(testDisable),
		"a deletion is scheduled once":             on(testScheduled),
	})
}

// made is a tenant's key with a data key under it.
type made struct {
	arn     string
	plain   secret.Bytes
	wrapped []byte
}

func (s KeyService) make(t *testing.T, tenant string) made {
	t.Helper()
	arn, err := s.Keys.CreateTenantKey(t.Context(), tenant)
	must(t, err)
	plain, wrapped, err := s.Keys.NewDataKey(t.Context(), arn, vault.Binding(tenant))
	must(t, err)
	return made{arn, plain, wrapped}
}

func testUnwrap(t *testing.T, s KeyService) {
	k := s.make(t, "acme")
	if k.plain.Len() != 32 {
		t.Errorf("data key has %d bytes, want 32", k.plain.Len())
	}
	opened, err := s.Keys.Unwrap(t.Context(), k.arn, k.wrapped, vault.Binding("acme"))
	must(t, err)
	if !opened.Equal(k.plain) {
		t.Error("the unwrapped key is not the one that was wrapped")
	}
}

func testFreshKeys(t *testing.T, s KeyService) {
	first, second := s.make(t, "acme"), s.make(t, "acme")
	if first.plain.Equal(second.plain) {
		t.Error("two data keys are the same")
	}
}

func testBinding(t *testing.T, s KeyService) {
	k := s.make(t, "acme")
	for name, binding := range map[string]map[string]string{"other tenant": vault.Binding("globex"), "none": nil} {
		_, err := s.Keys.Unwrap(t.Context(), k.arn, k.wrapped, binding)
		want(t, name, err, fault.CodeKeyIntegrity)
	}
}

func testOtherKey(t *testing.T, s KeyService) {
	ours, theirs := s.make(t, "acme"), s.make(t, "globex")
	_, err := s.Keys.Unwrap(t.Context(), theirs.arn, ours.wrapped, vault.Binding("acme"))
	want(t, "unwrap", err, fault.CodeKeyIntegrity)
}

func testChangedBlob(t *testing.T, s KeyService) {
	k := s.make(t, "acme")
	k.wrapped[len(k.wrapped)-1] ^= 1
	_, err := s.Keys.Unwrap(t.Context(), k.arn, k.wrapped, vault.Binding("acme"))
	want(t, "unwrap", err, fault.CodeKeyIntegrity)
}

func testDisabledKey(t *testing.T, s KeyService) {
	k := s.make(t, "acme")
	s.Disable(t, k.arn)
	_, err := s.Keys.Unwrap(t.Context(), k.arn, k.wrapped, vault.Binding("acme"))
	want(t, "unwrap", err, fault.CodeCredentialUnavailable)
	_, _, err = s.Keys.NewDataKey(t.Context(), k.arn, vault.Binding("acme"))
	want(t, "new data key", err, fault.CodeCredentialUnavailable)
}

func testAbsentKey(t *testing.T, s KeyService) {
	const absent = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000000"
	_, _, err := s.Keys.NewDataKey(t.Context(), absent, vault.Binding("acme"))
	want(t, "new data key", err, fault.CodeCredentialUnavailable)
}

func testCreateAgain(t *testing.T, s KeyService) {
	if first, again := s.make(t, "acme"), s.make(t, "acme"); first.arn != again.arn {
		t.Errorf("the second call made another key: %s, %s", first.arn, again.arn)
	}
}

func testTenantsDiffer(t *testing.T, s KeyService) {
	if s.make(t, "acme").arn == s.make(t, "globex").arn {
		t.Error("two tenants share a key")
	}
}

func testNotReplaced(t *testing.T, s KeyService) {
	s.Disable(t, s.make(t, "acme").arn)
	_, err := s.Keys.CreateTenantKey(t.Context(), "acme")
	want(t, "create", err, fault.CodeCredentialUnavailable)
}

func testCreateRace(t *testing.T, s KeyService) {
	arns := make([]string, 8)
	var group sync.WaitGroup
	for i := range arns {
		group.Go(func() {
			arn, err := s.Keys.CreateTenantKey(t.Context(), "acme")
			if err != nil {
				t.Error(err)
			}
			arns[i] = arn
		})
	}
	group.Wait()
	for _, arn := range arns {
		if arn != arns[0] {
			t.Errorf("calls disagree: %s, %s", arn, arns[0])
		}
	}
}

func testQuietErrors(t *testing.T, s KeyService) {
	k := s.make(t, "acme")
	s.Disable(t, k.arn)
	_, err := s.Keys.Unwrap(t.Context(), k.arn, k.wrapped, vault.Binding("acme"))
	if err == nil {
		t.Fatal("a disabled key was used")
	}
	wantQuiet(t, err, k.plain)
}
