package vault_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var (
	place = vault.Place{Tenant: "acme", Resource: "con_1", Purpose: vault.PurposeLease, Version: 3}
	plain = secret.FromString("s3cret-access-token")
)

func seal(t *testing.T, s *vault.Sealer, at vault.Place) []byte {
	t.Helper()
	sealed, err := s.Seal(t.Context(), at, plain)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestSealedOpensAtItsPlace(t *testing.T) {
	t.Parallel()
	s := vaulttest.NewSealer(t, "acme")
	for _, value := range []secret.Bytes{plain, {}, secret.New(make([]byte, 100_000))} {
		sealed, err := s.Seal(t.Context(), place, value)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := s.Open(t.Context(), place, sealed)
		if err != nil || !opened.Equal(value) {
			t.Errorf("%d bytes did not come back: %v", value.Len(), err)
		}
	}
}

// TestSealedOpensNowhereElse moves a ciphertext as someone who can write the
// table could (ISO-08). Both tenants exist, and so do their keys.
func TestSealedOpensNowhereElse(t *testing.T) {
	t.Parallel()
	s := vaulttest.NewSealer(t, "acme", "globex", "acmecon_1")
	sealed := seal(t, s, place)
	for name, change := range map[string]func(*vault.Place){
		"tenant":             func(p *vault.Place) { p.Tenant = "globex" },
		"resource":           func(p *vault.Place) { p.Resource = "con_2" },
		"purpose":            func(p *vault.Place) { p.Purpose = vault.PurposeRefresh },
		"older version":      func(p *vault.Place) { p.Version = 2 },
		"newer version":      func(p *vault.Place) { p.Version = 4 },
		"parts run together": func(p *vault.Place) { p.Resource, p.Purpose = "con_1l", "ease" },
	} {
		elsewhere := place
		change(&elsewhere)
		if _, err := s.Open(t.Context(), elsewhere, sealed); !fault.Has(err, fault.CodeKeyIntegrity) {
			t.Errorf("%s: got error %v, want %s", name, err, fault.CodeKeyIntegrity)
		}
	}
}

// TestSwappedDataKeyDoesNotUnwrap puts one tenant's wrapped key into another's
// item.
func TestSwappedDataKeyDoesNotUnwrap(t *testing.T) {
	t.Parallel()
	keys := new(vaulttest.Keys)
	data := vaulttest.NewDataKeys(t, keys, "acme", "globex")
	data["globex"] = data["acme"]
	s := &vault.Sealer{Keys: keys, DataKeys: data}
	if _, err := s.Seal(t.Context(), vault.Place{Tenant: "globex"}, plain); !fault.Has(err, fault.CodeKeyIntegrity) {
		t.Errorf("got error %v, want %s", err, fault.CodeKeyIntegrity)
	}
}

func TestChangedCiphertextDoesNotOpen(t *testing.T) {
	t.Parallel()
	s := vaulttest.NewSealer(t, "acme")
	sealed := seal(t, s, place)
	// Bytes 1 and 2 are the data key's version: a label, which opens nothing.
	for i := range sealed {
		if i == 1 || i == 2 {
			continue
		}
		changed := append([]byte(nil), sealed...)
		changed[i] ^= 1
		if _, err := s.Open(t.Context(), place, changed); !fault.Has(err, fault.CodeKeyIntegrity) {
			t.Fatalf("byte %d: got error %v, want %s", i, err, fault.CodeKeyIntegrity)
		}
	}
	for length := range len(sealed) {
		if _, err := s.Open(t.Context(), place, sealed[:length]); !fault.Has(err, fault.CodeKeyIntegrity) {
			t.Fatalf("cut to %d bytes: got error %v, want %s", length, err, fault.CodeKeyIntegrity)
		}
	}
}

func TestSealingTwiceDiffers(t *testing.T) {
	t.Parallel()
	s := vaulttest.NewSealer(t, "acme")
	first, second := seal(t, s, place), seal(t, s, place)
	if bytes.Equal(first, second) {
		t.Error("the same nonce was used twice")
	}
}

func TestUnknownTenantIsAFault(t *testing.T) {
	t.Parallel()
	s := vaulttest.NewSealer(t, "acme")
	for name, call := range map[string]func() error{
		"Ready": func() error { return s.Ready(t.Context(), "globex") },
		"Seal":  func() error { _, err := s.Seal(t.Context(), vault.Place{Tenant: "globex"}, plain); return err },
		"Open": func() error {
			_, err := s.Open(t.Context(), vault.Place{Tenant: "globex"}, seal(t, s, place))
			return err
		},
	} {
		if err := call(); !fault.Has(err, fault.CodeTenantUnknown) {
			t.Errorf("%s: got error %v, want %s", name, err, fault.CodeTenantUnknown)
		}
	}
}

// clocked is a sealer with a clock and its key service.
func clocked(t *testing.T) (s *vault.Sealer, keys *vaulttest.Keys, arn string, now *time.Time) {
	t.Helper()
	keys, now = new(vaulttest.Keys), new(time.Time)
	*now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	data := vaulttest.NewDataKeys(t, keys, "acme")
	return &vault.Sealer{Keys: keys, DataKeys: data, Now: func() time.Time { return *now }}, keys, data["acme"].KeyARN, now
}

func TestDataKeyIsKeptFiveMinutes(t *testing.T) {
	t.Parallel()
	s, keys, _, now := clocked(t)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {time.Minute, 1}, {4*time.Minute - time.Second, 1}, {time.Second, 2}, {5*time.Minute - 1, 2}, {1, 3}} {
		*now = now.Add(step.after)
		seal(t, s, place)
		if got := keys.Unwraps(); got != step.want {
			t.Errorf("at %s: unwrapped %d times, want %d", now.Format(time.TimeOnly), got, step.want)
		}
	}
}

// TestDisabledKeyFailsWithinFiveMinutes is the promise to a tenant that closes
// its key.
func TestDisabledKeyFailsWithinFiveMinutes(t *testing.T) {
	t.Parallel()
	s, keys, arn, now := clocked(t)
	sealed := seal(t, s, place)
	keys.Disable(arn)
	*now = now.Add(5 * time.Minute)
	if _, err := s.Open(t.Context(), place, sealed); !fault.Has(err, fault.CodeCredentialUnavailable) {
		t.Errorf("open: got error %v, want %s", err, fault.CodeCredentialUnavailable)
	}
	if err := s.Ready(t.Context(), "acme"); !fault.Has(err, fault.CodeCredentialUnavailable) {
		t.Errorf("ready: got error %v, want %s", err, fault.CodeCredentialUnavailable)
	}
	keys.Enable(arn)
	if opened, err := s.Open(t.Context(), place, sealed); err != nil || !opened.Equal(plain) {
		t.Errorf("open after the key was enabled again: %v", err)
	}
}

func TestSealAfterReadyNeedsNoCall(t *testing.T) {
	t.Parallel()
	s, keys, arn, _ := clocked(t)
	if err := s.Ready(t.Context(), "acme"); err != nil {
		t.Fatal(err)
	}
	keys.Disable(arn)
	seal(t, s, place)
}

type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

func TestSealWithoutRandomnessFails(t *testing.T) {
	t.Parallel()
	s := vaulttest.NewSealer(t, "acme")
	s.Random = noRandom{}
	if _, err := s.Seal(t.Context(), place, plain); err == nil {
		t.Error("sealed without a nonce")
	}
}

func TestSealerIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	s := vaulttest.NewSealer(t, "acme", "globex")
	var group sync.WaitGroup
	for i := range 16 {
		at := place
		if i%2 == 0 {
			at.Tenant = "globex"
		}
		group.Go(func() {
			sealed, err := s.Seal(t.Context(), at, plain)
			if err != nil {
				t.Error(err)
			}
			if opened, err := s.Open(t.Context(), at, sealed); err != nil || !opened.Equal(plain) {
				t.Errorf("open: %v", err)
			}
		})
	}
	group.Wait()
}

// A key that is about to leave the cache is no promise: what is sealed within a
// minute needs no call.
func TestReadyLastsAMinute(t *testing.T) {
	t.Parallel()
	s, keys, arn, now := clocked(t)
	seal(t, s, place)
	*now = now.Add(4*time.Minute + 30*time.Second)
	if err := s.Ready(t.Context(), place.Tenant); err != nil {
		t.Fatal(err)
	}
	keys.Disable(arn)
	*now = now.Add(time.Minute)
	seal(t, s, place)
}
