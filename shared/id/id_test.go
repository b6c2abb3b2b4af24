package id_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/id"
)

func TestNewIsValid(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range []id.Prefix{id.Connection, id.Template, id.Handoff, id.Audit, id.Lease, id.Secret} {
		for range 100 {
			made := id.Maker{}.New(p)
			if !id.Valid(p, made) || seen[made] {
				t.Errorf("%s is not valid or not new", made)
			}
			seen[made] = true
		}
	}
}

func TestNewSortsByTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	m := id.Maker{Now: func() time.Time { now = now.Add(time.Millisecond); return now }}
	last := ""
	for range 100 {
		made := m.New(id.Audit)
		if made <= last {
			t.Fatalf("%s after %s", made, last)
		}
		last = made
	}
	fixed := id.Maker{Now: m.Now, Random: strings.NewReader(strings.Repeat("a", 10))}
	if made := fixed.New(id.Lease); !strings.HasPrefix(made, "lea_") || !id.Valid(id.Lease, made) {
		t.Errorf("got %s", made)
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	const ulid = "01JD0000000000000000000000"
	for s, want := range map[string]bool{
		"con_" + ulid: true, "con_7ZZZZZZZZZZZZZZZZZZZZZZZZZ": true,
		"con_8ZZZZZZZZZZZZZZZZZZZZZZZZZ": false, // More than 128 bits.
		"":                               false, "con_": false, ulid: false, "tpl_" + ulid: false, "CON_" + ulid: false, "con-" + ulid: false, "con_con_" + ulid: false,
		"con_" + ulid + "0": false, "con_" + ulid[1:]: false, " con_" + ulid: false, "con_" + ulid + "\n": false,
		"con_01JD000000000000000000000U": false, "con_01JD000000000000000000000I": false, "con_01JD00000000000000000000-0": false,
		"con_../../01JD0000000000000000": false, "con_" + strings.Repeat("é", 13): false,
	} {
		if got := id.Valid(id.Connection, s); got != want {
			t.Errorf("Valid(%q) = %t", s, got)
		}
	}
}

func TestValidTenant(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"org": true, "acme": true, "a": true, "0": true, "acme-2": true, "acme_eu": true, "a-_-": true, strings.Repeat("a", 63): true,
		"": false, strings.Repeat("a", 64): false, "-acme": false, "_acme": false, "Acme": false, "acme corp": false, "acme#": false,
		"acme/x": false, "acme.x": false, "acme\n": false, "\nacme": false, "acme\x00": false, "*": false, "ácme": false, "аcme": false, "acme\u200b": false,
	} {
		if got := id.ValidTenant(s); got != want {
			t.Errorf("ValidTenant(%q) = %t", s, got)
		}
	}
}

// Least parts earlier identifiers from those of a time and later ones.
func TestLeastBoundsATime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 9, 0, 0, 7_000_000, time.UTC)
	made := func(at time.Time) string { return id.Maker{Now: func() time.Time { return at }}.New(id.Audit) }
	least := id.Least(id.Audit, at)
	if !id.Valid(id.Audit, least) || made(at.Add(-time.Millisecond)) >= least || made(at) < least || made(at.Add(time.Hour)) < least {
		t.Errorf("%s does not bound %s", least, at)
	}
	if got, err := id.Time(made(at)); err != nil || !got.Equal(at) {
		t.Errorf("got %s, %v, want %s", got, err, at)
	}
	if _, err := id.Time("aud_1"); err == nil {
		t.Error("what is no identifier has a time")
	}
}
