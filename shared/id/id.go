// Package id makes and checks the identifiers of the service: a prefix that
// says what the thing is and a ULID that sorts by time. It depends on the
// standard library and the ULID library only.
package id

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// Prefix says what an identifier names.
type Prefix string

// The prefixes, each written once.
const (
	Connection Prefix = "con"
	Template   Prefix = "tpl"
	Handoff    Prefix = "hof"
	Audit      Prefix = "aud"
	Lease      Prefix = "lea"
	Secret     Prefix = "sec"
	Probe      Prefix = "prb"
	SigningKey Prefix = "sgk"
	Event      Prefix = "evt"
	KillSwitch Prefix = "kls"

	ConnectSession Prefix = "cst"

	WebhookEndpoint Prefix = "whe"
)

// Maker makes identifiers from a clock and a source of randomness. The zero
// value uses the wall clock and crypto/rand.
type Maker struct {
	Now    func() time.Time
	Random io.Reader
}

// New returns a new identifier such as con_01JD….
func (m Maker) New(p Prefix) string {
	now, random := time.Now, rand.Reader
	if m.Now != nil {
		now = m.Now
	}
	if m.Random != nil {
		random = m.Random
	}
	return string(p) + "_" + ulid.MustNew(ulid.Timestamp(now()), random).String()
}

// Least returns the first identifier there can be of a time, which has
// milliseconds: those of earlier times sort before it.
func Least(p Prefix, t time.Time) string {
	var first ulid.ULID
	_ = first.SetTime(ulid.Timestamp(t)) // Fails after the year 10889.
	return string(p) + "_" + first.String()
}

// Time returns when an identifier was made, to the millisecond.
func Time(s string) (time.Time, error) {
	_, rest, _ := strings.Cut(s, "_")
	made, err := ulid.ParseStrict(rest)
	return made.Timestamp().UTC(), err
}

// Valid reports whether s is an identifier of kind p.
func Valid(p Prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, string(p)+"_")
	if !ok {
		return false
	}
	_, err := ulid.ParseStrict(rest)
	return err == nil
}

// ValidTenant reports whether s can name a tenant, which is a part of storage keys,
// secret names and key aliases: up to 63 lower-case letters, digits, "_" and "-",
// of which the first is a letter or a digit.
func ValidTenant(s string) bool {
	const first = "abcdefghijklmnopqrstuvwxyz0123456789"
	return s != "" && len(s) <= 63 && strings.ContainsRune(first, rune(s[0])) && strings.Trim(s, first+"_-") == ""
}

// Derived returns the same identifier for the same occurrence: of an event that
// is told again by a run that was cut short. at is what it sorts by.
func Derived(p Prefix, at time.Time, occurrence ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(occurrence, "\x00")))
	return Maker{Now: func() time.Time { return at }, Random: bytes.NewReader(sum[:])}.New(p)
}
