package lease_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// noReads is a store whose records cannot be read.
type noReads struct{ connection.Store }

func (noReads) Get(context.Context, string, string) (connection.Connection, error) {
	return connection.Connection{}, errors.New("down")
}

// EVT-03: the message of a record that could not be read comes back: nothing else
// says when it is tried again.
func TestEVT03MessageOfWhatCannotBeRead(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.Refresher.Store = noReads{r.memory}
		err := due.Handler(r.Refresher.Due)(t.Context(), "run-1", []byte(`{"tenant":"acme","kind":"connection","id":"con_1","at":"2026-03-01T12:00:00Z"}`))
		if err == nil {
			t.Error("the message is done with")
		}
	})
}
