package delivery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

func expiring(id string) notify.Event {
	return notify.Event{ID: id, Type: notify.ExpirationDue, Tenant: "acme", Resource: "con_1", At: start, Detail: map[string]string{
		"kind": "credential", "renewal": "person",
		"lapsesAt": "2026-12-04T09:00:00Z", "daysBefore": "14",
	}}
}

// Who gets a mail is the tenant's to say.
func TestMailIsSentByTheSettings(t *testing.T) {
	t.Parallel()
	admins := []string{"ann@acme.example"}
	recovered := degraded("evt_1", "")
	recovered.Detail["status"], recovered.Detail["previous"] = "active", "degraded"
	for name, test := range map[string]struct {
		settings tenant.Settings
		event    notify.Event
		want     int
	}{
		"a notice":                       {tenant.Settings{Notices: true, Admins: admins}, degraded("evt_1", "expired"), 1},
		"no notices":                     {tenant.Settings{Reminders: true, Admins: admins}, degraded("evt_1", "expired"), 0},
		"no admins":                      {tenant.Settings{Notices: true, Reminders: true}, degraded("evt_1", "expired"), 0},
		"a reminder":                     {tenant.Settings{Reminders: true, Admins: admins}, expiring("evt_1"), 1},
		"no reminders":                   {tenant.Settings{Notices: true, Admins: admins}, expiring("evt_1"), 0},
		"a permission that lacks":        {tenant.Settings{Notices: true, Admins: admins}, degraded("evt_1", "permissions"), 1},
		"a key that cannot be used":      {tenant.Settings{Notices: true, Admins: admins}, degraded("evt_1", "key_unavailable"), 1},
		"trouble that ends by itself":    {tenant.Settings{Notices: true, Admins: admins}, degraded("evt_1", "provider_outage"), 0},
		"what is active again":           {tenant.Settings{Notices: true, Admins: admins}, recovered, 0},
		"an event that nobody is mailed": {tenant.Settings{Notices: true, Reminders: true, Admins: admins}, connected("evt_1"), 0},
	} {
		w := newWorld(t)
		w.settings["acme"] = test.settings
		w.tell(test.event)
		mails := w.mailer.Mails()
		if len(mails) != test.want || len(w.store.All("acme")) != test.want {
			t.Errorf("%s: got %d mails, want %d", name, len(mails), test.want)
		}
		if len(mails) == 1 && (len(mails[0].To) != 1 || !strings.Contains(mails[0].Text, "PUT /v1/settings") || !strings.Contains(mails[0].Subject, "Sales of acme")) {
			t.Errorf("%s: got %+v", name, mails[0])
		}
	}
}

func TestStatusIsMailedOnceInSixHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.people["acme/con_2"] = connection.Connection{Name: "Other"}
	other := degraded("evt_4", "expired")
	other.Resource = "con_2"
	for _, step := range []struct {
		after time.Duration
		event notify.Event
		want  int
	}{
		{0, degraded("evt_1", "expired"), 1},
		{time.Hour, degraded("evt_2", "expired"), 1},
		{time.Hour, degraded("evt_3", "permissions"), 2},
		{time.Hour, other, 3},
		{6*time.Hour - 1, degraded("evt_5", "expired"), 3},
		{6 * time.Hour, degraded("evt_6", "expired"), 4},
	} {
		w.at(start.Add(step.after))
		w.tell(step.event)
		if got := len(w.mailer.Mails()); got != step.want {
			t.Errorf("%s: got %d mails, want %d", step.event.ID, got, step.want)
		}
	}
}

// SES has no room at the moment: the mail is sent when it has.
func TestThrottledMailIsPlannedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mailer.Err = fault.New(fault.Unavailable, fault.CodeRetryLater, "busy")
	w.tell(expiring("evt_1"))
	d := w.store.All("acme")[0]
	if d.State != delivery.Pending || d.Outcome != delivery.Throttled || !d.Due.Equal(start.Add(time.Minute)) {
		t.Errorf("got %+v", d)
	}
	w.mailer.Err = nil
	w.until(start.Add(48 * time.Hour))
	if got := len(w.mailer.Mails()); got != 1 {
		t.Errorf("got %d mails, want 1", got)
	}
	w = newWorld(t)
	w.mailer.Err = errDown
	w.tell(expiring("evt_1"))
	w.until(start.Add(48 * time.Hour))
	if d := w.store.All("acme")[0]; d.State != delivery.Failed || d.Outcome != delivery.Refused || d.Attempts != 8 {
		t.Errorf("refused for a day: got %+v", d)
	}
}

// Between the attempts the settings may change, and so may the connection.
func TestMailIsDroppedWhenNobodyWantsIt(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world){
		"the settings": func(w *world) {
			w.settings["acme"] = tenant.Settings{Notices: true, Admins: []string{"ann@acme.example"}}
		},
		"the admins": func(w *world) { w.settings["acme"] = tenant.Settings{Reminders: true} },
		"deleted":    func(w *world) { delete(w.people, "acme/con_1") },
		"deleting":   func(w *world) { w.people["acme/con_1"] = connection.Connection{Lifecycle: connection.Deleting} },
		"no sender":  func(w *world) { w.Mailer = nil },
	} {
		w := newWorld(t)
		w.mailer.Err = errDown
		w.tell(expiring("evt_1"))
		w.mailer.Err = nil
		change(w)
		w.until(start.Add(48 * time.Hour))
		if d := w.store.All("acme")[0]; d.State != delivery.Dropped || d.Outcome != delivery.Unwanted || len(w.mailer.Mails()) > 0 {
			t.Errorf("%s: got %+v, %d mails", name, d, len(w.mailer.Mails()))
		}
	}
}

func TestWithoutSenderThereIsNoMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Mailer = nil
	w.tell(expiring("evt_1"))
	if all := w.store.All("acme"); len(all) > 0 {
		t.Errorf("got %+v", all)
	}
}
