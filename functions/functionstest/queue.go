package functionstest

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

// Deliver gives messages to the consumer in one batch and returns how many come
// back.
func (w *World) Deliver(r routes.Typed[api.Batch, api.BatchResult], work app.Work, bodies ...string) int {
	w.t.Helper()
	var batch api.Batch
	for n, body := range bodies {
		batch.Records = append(batch.Records, api.Message{ID: "message-" + strconv.Itoa(n+1), Body: body})
	}
	result, err := app.Consumer(r, work)(w.t.Context(), batch)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(result.Failures)
}

// Spent fails if the sample event of a queue of due work changes anything once
// its work is done: when it comes again, twice at once, and under the name of
// Globex, whose record it is not. What is no message comes back and does no harm
// either.
func (w *World) Spent(r routes.Typed[api.Batch, api.BatchResult], work app.Work) {
	w.t.Helper()
	body := w.body(r)
	foreign := w.of(body, Globex)
	poison := []string{"", "{", "[]", "null", `{"tenant":"acme"}`, w.of(body, ""), strings.Replace(body, `"connection"`, `"tenancy"`, 1), `{"unknown":"` + strings.Repeat("x", 256*1024) + `"}`}
	w.Unchanged(func() {
		w.t.Helper()
		if back := w.Deliver(r, work, body, body, foreign); back != 0 {
			w.t.Errorf("%d messages come back whose work is done, want none", back)
		}
		if back := w.Deliver(r, work, append([]string{body}, poison...)...); back != len(poison) {
			w.t.Errorf("%d messages come back, want the %d that are none", back, len(poison))
		}
	})
}

// body returns the first message of the sample event.
func (w *World) body(r routes.Typed[api.Batch, api.BatchResult]) string {
	w.t.Helper()
	text, err := os.ReadFile(Event(r.Name))
	if err != nil {
		w.t.Fatal(err)
	}
	var batch api.Batch
	if err := json.Unmarshal(text, &batch); err != nil {
		w.t.Fatal(err)
	}
	return batch.Records[0].Body
}

// of returns the message in the name of another tenant.
func (w *World) of(body, tenant string) string {
	w.t.Helper()
	var item due.Item
	if err := json.Unmarshal([]byte(body), &item); err != nil {
		w.t.Fatal(err)
	}
	item.Tenant = tenant
	text, err := json.Marshal(item)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}
