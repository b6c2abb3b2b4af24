package outage_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/outage"
)

// counted counts the queries.
type counted struct {
	outage.Store
	lists int
}

func (c *counted) List(ctx context.Context) ([]outage.Record, error) {
	c.lists++
	return c.Store.List(ctx)
}

// What connections show of their providers is one query, and not each time.
func TestIncidentsAreShown(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.failing(t, 20, 0)
	store := &counted{Store: r.store}
	shown := &outage.Incidents{Store: store, Now: func() time.Time { return r.now }}
	for range 100 {
		got := shown.Of(t.Context(), "acme", "stripe", "https://api.stripe.com")
		if got == nil || got.Provider != "stripe" || got.Endpoint != "api" || !got.Since.Equal(r.now) {
			t.Fatalf("got %+v, want the incident", got)
		}
		if other := shown.Of(t.Context(), "acme", "shopify", ""); other != nil {
			t.Fatalf("another provider: got %+v", other)
		}
	}
	if store.lists != 1 {
		t.Errorf("queries: got %d, want one", store.lists)
	}
	r.now = r.now.Add(31 * time.Second)
	if _, err := r.examine(t, con(1), true); err != nil {
		t.Fatal(err)
	}
	if got := shown.Of(t.Context(), "acme", "stripe", ""); got != nil {
		t.Errorf("after its end: got %+v", got)
	}
}
