package due_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/due"
)

const canary = "fake-canary-0001"

// A body that is no entry is an error that quotes nothing of it, and is never
// worked on.
func TestEVT03Poison(t *testing.T) {
	t.Parallel()
	worked := 0
	handle := due.Handler(due.Of(func(context.Context, string, due.Item) error { worked++; return nil }, due.Connection, "template"))
	for name, body := range map[string]string{
		"empty":             "",
		"no JSON":           canary,
		"cut off":           `{"tenant":"` + canary,
		"a list":            `["` + canary + `"]`,
		"null":              "null",
		"a number":          `{"tenant":12345678901234567890,"id":"` + canary + `"}`,
		"a time that is no": `{"tenant":"acme","kind":"connection","id":"con_1","at":"` + canary + `"}`,
		"without tenant":    `{"kind":"connection","id":"` + canary + `","at":"2026-03-01T12:00:00Z"}`,
		"without kind":      `{"tenant":"acme","id":"` + canary + `","at":"2026-03-01T12:00:00Z"}`,
		"without id":        `{"tenant":"` + canary + `","kind":"connection","at":"2026-03-01T12:00:00Z"}`,
		"without time":      `{"tenant":"acme","kind":"connection","id":"` + canary + `"}`,
		"of unknown kind":   `{"tenant":"acme","kind":"` + canary + `","id":"con_1","at":"2026-03-01T12:00:00Z"}`,
		"of 256 kB":         `{"x":"` + strings.Repeat(canary, 16*1024) + `"}`,
	} {
		err := handle(t.Context(), "run-1", []byte(body))
		if err == nil {
			t.Errorf("%s: it was taken", name)
		} else if strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), "12345678901234567890") {
			t.Errorf("%s: the error quotes the message: %v", name, err)
		}
	}
	if worked != 0 {
		t.Errorf("%d were worked on", worked)
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for name, c := range map[string]struct{ failure, want error }{
		"done":              {nil, nil},
		"failed":            {down, down},
		"planned again":     {due.Planned(down), nil},
		"planned, wrapped":  {fmt.Errorf("refresh: %w", due.Planned(down)), nil},
		"planned and done":  {due.Planned(nil), nil},
		"planned, and more": {errors.Join(due.Planned(nil), down), down},
	} {
		var got due.Item
		err := due.Handler(func(_ context.Context, requestID string, item due.Item) error {
			if requestID != "run-1" {
				t.Errorf("request %q", requestID)
			}
			got = item
			return c.failure
		})(t.Context(), "run-1", []byte(`{"tenant":"acme","kind":"connection","id":"con_1","connector":"crm","at":"2026-03-01T12:00:00Z","more":true}`))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		want := due.Item{Tenant: "acme", Kind: "connection", ID: "con_1", Connector: "crm", At: start}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: item (-want +got):\n%s", name, diff)
		}
	}
}

// Entries are spread over all shards.
func TestShard(t *testing.T) {
	t.Parallel()
	counts := [due.Shards]int{}
	for n := range 16_000 {
		counts[due.Shard(fmt.Sprintf("con_%026d", n))]++
	}
	for shard, got := range counts {
		if got < 700 || got > 1300 {
			t.Errorf("shard %d has %d of 16,000, want about 1,000", shard, got)
		}
	}
	if due.Soon <= time.Minute {
		t.Error("what is planned for Soon is in a window that was read")
	}
}
