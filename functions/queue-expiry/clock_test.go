package main

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
)

// expires is when the refresh tokens of both tenants end.
var expires = time.Date(2026, 12, 20, 8, 0, 0, 0, time.UTC)

// TestClockMoved moves the clock day by day up to the end of a credential. Every
// message and every event comes twice, and the admins of the tenant that wants to
// be reminded get one mail for each step of its ladder; the tenant that never said
// so gets none.
func TestClockMoved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ladder []int
		from   int   // Days before the end.
		want   []int // Days before the end at which a mail comes.
	}{
		"the default ladder":             {nil, 20, []int{14}},
		"four steps, the first is late":  {[]int{30, 14, 7, 1}, 20, []int{20, 14, 7, 1}},
		"a ladder whose steps are ahead": {[]int{14, 3}, 20, []int{14, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := functionstest.New(t)
			w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization)
			settings(t, w, functionstest.Acme, `"1"`, tenant.Settings{Reminders: true, DaysBefore: c.ladder, Admins: []string{"ann@acme.example"}})
			settings(t, w, functionstest.Globex, `"0"`, tenant.Settings{Notices: true, Admins: []string{"gil@globex.example"}})
			var got []int
			for day := c.from; day >= 0; day-- {
				w.At(expires.AddDate(0, 0, -day))
				before := len(w.Mailer.Mails())
				tellOfDay(t, w)
				for range w.Mailer.Mails()[before:] {
					got = append(got, day)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("days before the end at which a mail came (-want +got):\n%s", diff)
			}
			for _, m := range w.Mailer.Mails() {
				if !strings.Contains(m.Subject, "Salesforce of acme") || !cmp.Equal(m.To, []string{"ann@acme.example"}) {
					t.Errorf("got a mail to %q about %q", m.To, m.Subject)
				}
			}
		})
	}
}

func settings(t *testing.T, w *functionstest.World, name, ifMatch string, s tenant.Settings) {
	t.Helper()
	if _, err := w.Tenancy().PutSettings(t.Context(), functionstest.Person(name), ifMatch, s); err != nil {
		t.Fatal(err)
	}
}

// tellOfDay hands what is due to this queue, and what it tells the bus to the
// queue that mails, all of it twice.
func tellOfDay(t *testing.T, w *functionstest.World) {
	t.Helper()
	at := w.Now().Format(time.RFC3339)
	acme := `{"tenant":"acme","kind":"connection","id":"` + functionstest.SalesforceConnection + `","at":"` + at + `"}`
	globex := `{"tenant":"globex","kind":"connection","id":"` + functionstest.Added + `","at":"` + at + `"}`
	told := len(w.Bus.Events())
	if back := w.Deliver(routes.QueueExpiry, work(w.Expiry()), acme, globex, globex, acme); back != 0 {
		t.Errorf("%d messages of due work come back", back)
	}
	for _, event := range w.Bus.Events()[told:] {
		envelope := envelope(t, event)
		if back := w.Deliver(routes.QueueNotify, w.Deliveries(w.Mailer).Tell, envelope, envelope); back != 0 {
			t.Errorf("%d events come back", back)
		}
	}
}

// envelope is the event as a rule of the bus brings it.
func envelope(t *testing.T, e notify.Event) string {
	t.Helper()
	detail := maps.Clone(e.Detail)
	detail["id"], detail["tenant"], detail["resource"], detail["at"] = e.ID, e.Tenant, e.Resource, e.At.Format(time.RFC3339Nano)
	text, err := json.Marshal(map[string]any{
		"version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "source": "tenon", "account": "123456789012", "region": "eu-west-1",
		"detail-type": e.Type, "time": e.At, "resources": []string{}, "detail": detail,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
