// Package secret holds the one type in which credential material travels
// through the process. It depends on the standard library only.
//
// A Bytes prints as [redacted] through every formatting path of the standard
// library and refuses to be marshalled, so a secret that reaches a log line, an
// error text or a JSON document by mistake shows itself as a harmless mark or
// as a failure, never as its value. Reveal is the only way out: reviewing what
// leaves the process is a search for that word.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
)

// Redacted is what a secret prints as.
const Redacted = "[redacted]"

// lastLength is the shortest secret of which the last four characters may be
// shown: below it four characters are too large a part of the value.
const lastLength = 16

// errMarshal is returned by every marshalling method.
var errMarshal = errors.New("secret: refuses to be marshalled")

// Bytes is secret material. The zero value is an absent secret.
//
// The value stands in a function because package fmt calls no method of a field
// that is not exported, nor any for %p, and prints by reflection what it finds:
// of a function that is an address, whatever the verb.
type Bytes struct{ value func() []byte }

// New returns a copy of value as a secret.
func New(value []byte) Bytes { return wrap(append([]byte(nil), value...)) }

// FromString returns value as a secret.
func FromString(value string) Bytes { return wrap([]byte(value)) }

// Reveal returns the secret itself. Every call is a place where a secret
// leaves its type; keep the result in the smallest possible scope.
func (b Bytes) Reveal() string { return string(b.bytes()) }

// IsZero reports whether the secret is absent.
func (b Bytes) IsZero() bool { return len(b.bytes()) == 0 }

// Len returns the length of the secret in bytes.
func (b Bytes) Len() int { return len(b.bytes()) }

// Last4 returns the last four characters of a secret of at least sixteen, and
// nothing for a shorter one.
func (b Bytes) Last4() string {
	if b.Len() < lastLength {
		return ""
	}
	return string(b.bytes()[b.Len()-4:])
}

// Equal compares in constant time.
func (b Bytes) Equal(other Bytes) bool {
	return subtle.ConstantTimeCompare(b.bytes(), other.bytes()) == 1
}

// Hash returns the SHA-256 of the secret, for values that are only ever
// compared (OAuth state, tickets).
func (b Bytes) Hash() [sha256.Size]byte { return sha256.Sum256(b.bytes()) }

// String implements fmt.Stringer.
func (b Bytes) String() string { return Redacted }

// GoString implements fmt.GoStringer.
func (b Bytes) GoString() string { return Redacted }

// Format implements fmt.Formatter, so that no verb reaches the value.
func (b Bytes) Format(s fmt.State, _ rune) { fmt.Fprint(s, Redacted) }

// LogValue implements slog.LogValuer.
func (b Bytes) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON refuses.
func (b Bytes) MarshalJSON() ([]byte, error) { return nil, errMarshal }

// MarshalText refuses.
func (b Bytes) MarshalText() ([]byte, error) { return nil, errMarshal }

// MarshalBinary refuses.
func (b Bytes) MarshalBinary() ([]byte, error) { return nil, errMarshal }

// UnmarshalText takes the secret as it is.
func (b *Bytes) UnmarshalText(text []byte) error {
	*b = New(text)
	return nil
}

// UnmarshalJSON takes a JSON string: secrets come in by requests and by sealed
// payloads, and go out by Reveal alone.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return errors.New("secret: not a JSON string")
	}
	*b = FromString(s)
	return nil
}

func wrap(value []byte) Bytes { return Bytes{func() []byte { return value }} }

func (b Bytes) bytes() []byte {
	if b.value == nil {
		return nil
	}
	return b.value()
}
