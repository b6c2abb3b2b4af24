package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/vault"
)

var now = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

func record(refreshable bool) connection.Connection {
	return connection.Connection{
		Lifecycle: connection.Ready, Lease: []byte("sealed"),
		Credential: &connection.Credential{At: vault.Locator{Secret: "s", Version: "old"}, Refreshable: refreshable},
		Refresh:    connection.Refresh{Epoch: 7, Token: []byte("sealed"), TokenEpoch: 7, PromoteAt: now, Answer: []byte("sealed")},
		Due:        connection.Due{Refresh: now},
	}
}

// What is older than the secret store is forgotten, and nothing of the lost time is
// met again. Only what a person gave is applied anew.
func TestFollow(t *testing.T) {
	t.Parallel()
	for _, refreshable := range []bool{true, false} {
		c := record(refreshable)
		follow(&c, "new", now)
		if c.Credential.At != (vault.Locator{Secret: "s", Version: "new"}) || len(c.Refresh.Token)+len(c.Refresh.Answer) > 0 || c.Refresh.Epoch <= 7+35*24*60 {
			t.Errorf("refreshable %v: %+v, %+v", refreshable, c.Credential, c.Refresh)
		}
		if got := c.Due.Reconcile.Equal(now); got == refreshable {
			t.Errorf("refreshable %v: applied anew %v", refreshable, got)
		}
	}
}

// Of a secret that is gone nothing is handed out, and no refresh is tried.
func TestWithhold(t *testing.T) {
	t.Parallel()
	c := record(true)
	withhold(&c)
	if len(c.Lease)+len(c.Refresh.Token) > 0 || c.Usable(now) || !c.Due.Refresh.IsZero() || !c.Due.Reconcile.IsZero() {
		t.Errorf("got %+v", c)
	}
}
