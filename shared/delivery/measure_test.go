package delivery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/metric"
)

// Attempts are counted by what came of them: the alarms watch that.
func TestAttemptsAreMeasured(t *testing.T) {
	t.Parallel()
	w, out := newWorld(t), new(bytes.Buffer)
	e := &metric.Emitter{Namespace: "Tenon/test", Out: out, Now: time.Now}
	w.endpoint("acme")
	w.receiver.SetAnswer(500, nil, nil)
	w.mailer.Err = errDown
	must(t, w.Tell(metric.With(t.Context(), e), "req", envelope(expiring("evt_1"))))
	w.mailer.Err = nil
	w.receiver.SetAnswer(410, nil, nil)
	w.at(start.Add(time.Minute))
	for _, item := range w.store.Due(w.clock()) {
		must(t, due.Handler(w.Due)(metric.With(t.Context(), e), "req", marshal(item)))
	}
	w.receiver.SetAnswer(200, nil, nil)
	w.endpoint("acme", "connection.connected")
	must(t, w.Tell(metric.With(t.Context(), e), "req", envelope(connected("evt_2"))))
	e.Flush()
	got := map[string]float64{}
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		must(t, json.Unmarshal([]byte(line), &m))
		for _, name := range []metric.Name{metric.Mails, metric.Deliveries} {
			if n, ok := m[string(name)].(float64); ok {
				got[string(name)+" "+m[metric.KeyOutcome].(string)] = n
			}
		}
	}
	want := map[string]float64{"Mails failed": 1, "Mails sent": 1, "Deliveries failed": 1, "Deliveries given_up": 1, "Deliveries delivered": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// broken cannot be read.
type broken struct{}

func (broken) Get(context.Context, string, string) (connection.Connection, error) {
	return connection.Connection{}, errDown
}

// What cannot even be attempted is given up as well, and not repeated for a month.
func TestWhatCannotBeAttemptedIsGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mailer.Err = errDown
	w.tell(expiring("evt_1"))
	w.Connections = broken{}
	for w.clock().Before(start.Add(48 * time.Hour)) {
		w.at(w.clock().Add(2 * time.Minute))
		for _, item := range w.store.Due(w.clock()) {
			_ = w.Due(t.Context(), "req", item)
		}
	}
	if d := w.store.All("acme")[0]; d.State != delivery.Failed || !d.Due.IsZero() {
		t.Errorf("after two days: %s, due %s", d.State, d.Due)
	}
}
