// Package pagetest holds an in-memory page.MAC and the contract of one.
package pagetest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"testing"

	"github.com/tenonhq/tenon/shared/page"
)

// MAC is HMAC-SHA-256 with Key. Err, when set, is what every call returns.
type MAC struct {
	Key []byte
	Err error
}

// Sign implements page.MAC.
func (m MAC) Sign(_ context.Context, message []byte) ([]byte, error) {
	if m.Err != nil {
		return nil, m.Err
	}
	h := hmac.New(sha256.New, m.Key)
	h.Write(message)
	return h.Sum(nil), nil
}

// Verify implements page.MAC.
func (m MAC) Verify(ctx context.Context, message, tag []byte) (bool, error) {
	want, err := m.Sign(ctx, message)
	return err == nil && hmac.Equal(want, tag), err
}

// RunMAC is the contract of page.MAC.
func RunMAC(t *testing.T, mac page.MAC) {
	message := []byte("a position in a list")
	tag, err := mac.Sign(t.Context(), message)
	if err != nil {
		t.Fatal(err)
	}
	changed := append([]byte(nil), tag...)
	changed[0] ^= 1
	for name, tc := range map[string]struct {
		message, tag []byte
		want         bool
	}{
		"as it was signed":    {message, tag, true},
		"another message":     {[]byte("another position"), tag, false},
		"a changed tag":       {message, changed, false},
		"a tag cut short":     {message, tag[:31], false},
		"a tag of one byte":   {message, []byte{0}, false},
		"a tag of a stranger": {message, make([]byte, 32), false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mac.Verify(t.Context(), tc.message, tc.tag)
			if err != nil || got != tc.want {
				t.Errorf("got %v, %v, want %v", got, err, tc.want)
			}
		})
	}
}
