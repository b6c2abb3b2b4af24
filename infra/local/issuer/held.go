package issuer

import (
	"crypto/rand"
	"time"
)

// held keeps values under keys nobody can guess, for a while, in this process
// only. It is guarded by the mutex of the issuer.
type held[T any] struct {
	life    time.Duration
	entries map[string]heldEntry[T]
}

type heldEntry[T any] struct {
	value T
	ends  time.Time
}

func newHeld[T any](life time.Duration) *held[T] {
	return &held[T]{life: life, entries: map[string]heldEntry[T]{}}
}

// put keeps a value, forgets what has ended and returns the key.
func (h *held[T]) put(value T, now time.Time) string {
	for key, e := range h.entries {
		if !now.Before(e.ends) {
			delete(h.entries, key)
		}
	}
	key := rand.Text()
	h.entries[key] = heldEntry[T]{value: value, ends: now.Add(h.life)}
	return key
}

func (h *held[T]) get(key string, now time.Time) (T, bool) {
	e, ok := h.entries[key]
	if !ok || !now.Before(e.ends) {
		var none T
		return none, false
	}
	return e.value, true
}
