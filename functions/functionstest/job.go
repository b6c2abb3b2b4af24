package functionstest

import (
	"encoding/json"
	"os"

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
