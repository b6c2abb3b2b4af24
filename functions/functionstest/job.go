package functionstest

import (
	"encoding/json"
	"os"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/routes"
)

// Run moves the world to the time of the job's sample event and runs the job
// as Lambda would.
func (w *World) Run(r routes.Typed[api.Tick, api.Sweep], sweep app.Sweep) api.Sweep {
	w.t.Helper()
	text, err := os.ReadFile(Event(r.Name))
	if err != nil {
		w.t.Fatal(err)
	}
	var tick api.Tick
	if err := json.Unmarshal(text, &tick); err != nil {
		w.t.Fatal(err)
	}
	w.At(tick.Time)
	done, err := app.Job(r, sweep)(w.t.Context(), tick)
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

// Consume runs the consumer on its sample event as Lambda would, at the time at
// which the first message was due, and returns how many messages come back.
func (w *World) Consume(r routes.Typed[api.Batch, api.BatchResult], work app.Work) int {
	w.t.Helper()
	text, err := os.ReadFile(Event(r.Name))
	if err != nil {
		w.t.Fatal(err)
	}
	var batch api.Batch
	if err := json.Unmarshal(text, &batch); err != nil {
		w.t.Fatal(err)
	}
	var first struct{ At, Time time.Time } // Of due work, or of an event on the bus.
	if err := json.Unmarshal([]byte(batch.Records[0].Body), &first); err != nil {
		w.t.Fatal(err)
	}
	at := first.At
	if at.IsZero() {
		at = first.Time
	}
	w.At(at)
	result, err := app.Consumer(r, work)(w.t.Context(), batch)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(result.Failures)
}
