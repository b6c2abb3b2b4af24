package delivery_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/webhook"
)

// Whatever happens in whatever order, who took an event is not sent it again, an
// event is attempted at most eight times, what is settled is in no index and
// what is not is, and an endpoint that is disabled gets nothing.
func TestPropertyDeliveries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		endpoints := []webhook.Endpoint{w.endpoint("acme"), w.endpoint("acme", "connection.status")}
		var mu sync.Mutex // The endpoints are sent to at once.
		wrong := ""
		taken, tries := map[string]bool{}, map[string]int{}
		w.Sender = &watched{w.Sender, func(e webhook.Endpoint, id string, result webhook.Result) {
			mu.Lock()
			defer mu.Unlock()
			key := delivery.ID(e.ID, id)
			if taken[key] || !w.standing(e).Enabled && result.Outcome != webhook.WasGone {
				wrong = key + " was sent again, or while it is disabled"
			}
			taken[key] = result.Outcome == webhook.Delivered
			tries[key]++
		}}
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			switch rapid.SampledFrom([]string{"tell", "work", "late", "answer", "mail", "enable", "wait"}).Draw(r, "step") {
			case "tell":
				id := fmt.Sprint("evt_", rapid.IntRange(1, 6).Draw(r, "event"))
				w.tell(degraded(id, rapid.SampledFrom([]string{"expired", "provider_outage"}).Draw(r, "reason")))
			case "work":
				w.work()
			case "late": // A message that comes again, or early.
				for _, item := range w.store.Due(w.clock().Add(24 * time.Hour)) {
					_ = w.Due(t.Context(), "late", item)
				}
			case "answer":
				status := rapid.SampledFrom([]int{200, 200, 301, 404, 410, 429, 503}).Draw(r, "status")
				w.receiver.SetAnswer(status, http.Header{"Retry-After": {"90"}}, nil)
			case "mail":
				w.mailer.Err = rapid.SampledFrom([]error{nil, errDown, fault.New(fault.Unavailable, fault.CodeRetryLater, "busy")}).Draw(r, "error")
			case "enable":
				on := rapid.Bool().Draw(r, "on")
				_, _ = w.makes.Update(t.Context(), caller("acme"), endpoints[rapid.IntRange(0, 1).Draw(r, "of")].ID, "*", webhook.Change{Enabled: &on})
			case "wait":
				w.at(w.clock().Add(time.Duration(rapid.IntRange(1, 1500).Draw(r, "minutes")) * time.Minute))
			}
			if wrong != "" {
				r.Fatal(wrong)
			}
			holds(r, w, tries)
		}
	})
}

// watched tells of what was sent.
type watched struct {
	delivery.Sender
	sent func(webhook.Endpoint, string, webhook.Result)
}

func (w *watched) Send(ctx context.Context, e webhook.Endpoint, event notify.Event) webhook.Result {
	result := w.Sender.Send(ctx, e, event)
	w.sent(e, event.ID, result)
	return result
}

func holds(r *rapid.T, w *world, tries map[string]int) {
	mails := 0
	for _, d := range w.store.All("acme") {
		if (d.State == delivery.Pending) == d.Due.IsZero() {
			r.Fatalf("%s is %s and due at %v", d.ID(), d.State, d.Due)
		}
		if d.Attempts > 8 || tries[d.ID()] > d.Attempts {
			r.Fatalf("%s was attempted %d times", d.ID(), d.Attempts)
		}
		if d.Target == delivery.Mail && d.State == delivery.Delivered {
			mails++
		}
	}
	if got := len(w.mailer.Mails()); got != mails {
		r.Fatalf("%d mails were sent for %d deliveries", got, mails)
	}
}
