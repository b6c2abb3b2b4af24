package expiry_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

// EVT-05: one mail for each step, however often the job runs.
func TestLadder(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	for _, c := range []struct {
		before time.Duration
		want   []string
	}{
		{40 * day, []string{}},
		{30*day + time.Second, []string{}},
		{30 * day, []string{"30"}},
		{29 * day, []string{"30"}},
		{14*day + time.Second, []string{"30"}},
		{14*day - time.Second, []string{"30", "14"}},
		{2 * day, []string{"30", "14"}},
		{day, []string{"30", "14", "1"}},
		{time.Hour, []string{"30", "14", "1"}},
		{0, []string{"30", "14", "1"}},
		{-day, []string{"30", "14", "1"}},
	} {
		for range 2 {
			if diff := cmp.Diff(c.want, r.remind(t, c.before)); diff != "" {
				t.Errorf("%s before, steps differ (-want +got):\n%s", c.before, diff)
			}
		}
	}
}

// Who was away from the start hears of the newest step only.
func TestSkippedStepsAreNotMadeUpFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	if diff := cmp.Diff([]string{"14"}, r.remind(t, 3*day)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

func TestDefaultStepIsFourteenDays(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{Reminders: true, Admins: []string{"admin@acme.example"}})
	if got := r.remind(t, 15*day); len(got) != 0 {
		t.Errorf("15 days before: got %v, want nothing", got)
	}
	if diff := cmp.Diff([]string{"14"}, r.remind(t, 14*day-time.Hour)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

func TestOverlappingRunsSendOneMail(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.now = lapses.Add(-10 * day)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, _, _, err := r.sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := r.mailer.Mails(); len(got) != 1 {
		t.Errorf("mails: got %d, want 1", len(got))
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.remind(t, 10*day)
	mails, events := r.mailer.Mails(), r.bus.Events()
	if len(mails) != 1 || len(events) != 1 {
		t.Fatalf("got %d mails and %d events, want one each", len(mails), len(events))
	}
	want := `The connection "Sales" needs attention before 30 June 2026`
	if diff := cmp.Diff(ladder.Admins, mails[0].To); diff != "" || mails[0].Subject != want || !strings.Contains(mails[0].Text, "acme") {
		t.Errorf("mail: got %+v, want it to the admins with the day", mails[0])
	}
	e := events[0]
	if e.Type != notify.ConnectionExpiring || e.Tenant != "acme" || e.Resource != "con_1" || e.Detail["lapsesAt"] != "2026-06-30T12:00:00Z" {
		t.Errorf("event: got %+v, want the connection and when it lapses", e)
	}
}

// Opting out is heard; who opts in later is warned then.
func TestOptOut(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{Admins: ladder.Admins})
	for _, before := range []time.Duration{14 * day, 10 * day, 9 * day} {
		if got := r.remind(t, before); len(got) != 0 {
			t.Errorf("%s before: got %v, want nothing", before, got)
		}
	}
	r.settings(t, ladder)
	if diff := cmp.Diff([]string{"14"}, r.remind(t, 8*day)); diff != "" {
		t.Errorf("steps after opting in differ (-want +got):\n%s", diff)
	}
}

func TestWithoutAdminsOnlyTheBusIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{Reminders: true})
	r.now = lapses.Add(-day)
	if _, _, failed, err := r.sweep(t.Context()); failed != 0 || err != nil || len(r.mailer.Mails()) != 0 || len(r.bus.Events()) != 1 {
		t.Errorf("got %d failed, %v, %d mails, %d events; want one event", failed, err, len(r.mailer.Mails()), len(r.bus.Events()))
	}
}

func TestWithoutAMailerOnlyTheBusIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.Mail, r.now = nil, lapses.Add(-day)
	if _, _, failed, err := r.sweep(t.Context()); failed != 0 || err != nil || len(r.bus.Events()) != 1 {
		t.Errorf("got %d failed, %v, %d events; want one event", failed, err, len(r.bus.Events()))
	}
}

// A mail that fails is not sent again: never twice comes before always once.
// A bus that fails does not keep the mail back.
func TestFailureOfOneWay(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for name, c := range map[string]struct {
		mailer, bus  error
		mails, event int
	}{"mail": {down, nil, 0, 1}, "bus": {nil, down, 1, 0}} {
		r := newRig(t, ladder)
		r.mailer.Err, r.bus.Err, r.now = c.mailer, c.bus, lapses.Add(-day)
		if due, done, failed, err := r.sweep(t.Context()); due != 1 || done != 0 || failed != 1 || err != nil {
			t.Errorf("%s: got %d due, %d done, %d failed, %v; want one failed", name, due, done, failed, err)
		}
		r.mailer.Err, r.bus.Err, r.now = nil, nil, lapses.Add(-time.Hour)
		if _, _, failed, err := r.sweep(t.Context()); failed != 0 || err != nil {
			t.Errorf("%s: the next run: got %d failed, %v", name, failed, err)
		}
		if m, e := len(r.mailer.Mails()), len(r.bus.Events()); m != c.mails || e != c.event {
			t.Errorf("%s: got %d mails and %d events, want %d and %d", name, m, e, c.mails, c.event)
		}
	}
}

// A new key starts the ladder anew.
func TestRenewedCredentialIsWarnedOfAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.remind(t, 10*day)
	_, err := r.store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error {
		c.Credential.ExpiresAt = lapses.Add(90 * day)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"14"}, r.remind(t, 5*day)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"14", "14"}, r.remind(t, -80*day)); diff != "" {
		t.Errorf("steps of the new key differ (-want +got):\n%s", diff)
	}
}

func TestWhoIsWarned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		connection connection.Connection
		warned     bool
	}{
		"a key that lapses":           {connection.Connection{Credential: &connection.Credential{ExpiresAt: lapses}}, true},
		"a refresh token that lapses": {connection.Connection{Credential: &connection.Credential{Refreshable: true, RefreshExpiresAt: lapses}}, true},
		"paused":                      {connection.Connection{Lifecycle: connection.Disabled, Credential: &connection.Credential{ExpiresAt: lapses}}, true},
		"a token that is renewed":     {connection.Connection{Credential: &connection.Credential{Refreshable: true, ExpiresAt: lapses}}, false},
		"a key without end":           {connection.Connection{Credential: &connection.Credential{}}, false},
		"no credential":               {connection.Connection{}, false},
		"being deleted":               {connection.Connection{Lifecycle: connection.Deleting, Credential: &connection.Credential{ExpiresAt: lapses}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, ladder)
			c.connection.ID = "con_2"
			r.create(t, c.connection)
			want := 1
			if c.warned {
				want = 2
			}
			if got := r.remind(t, 10*day); len(got) != want {
				t.Errorf("warnings: got %d, want %d", len(got), want)
			}
			if got := !r.record(t, "con_2").Due.Expiry.IsZero(); got != c.warned {
				t.Errorf("looked at again: got %v, want %v", got, c.warned)
			}
		})
	}
}

// The next look is at the next step, within a day, and none comes after the end.
func TestNextLook(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	for before, want := range map[time.Duration]time.Time{
		20 * day: lapses.Add(-19 * day), 14*day + time.Hour: lapses.Add(-14 * day), 14 * day: lapses.Add(-13 * day), time.Hour: lapses, 0: {},
	} {
		_, err := r.store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error {
			c.Due.Expiry = lapses.Add(-100 * day)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r.remind(t, before)
		if got := r.record(t, "con_1").Due.Expiry; !got.Equal(want) {
			t.Errorf("%s before: next look %s, want %s", before, got, want)
		}
	}
}

func TestSweepGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.create(t, connection.Connection{ID: "con_0", Credential: &connection.Credential{ExpiresAt: lapses}})
	r.Store, r.now = unwritable{r.store}, lapses.Add(-day)
	if due, done, failed, err := r.sweep(t.Context()); due != 3 || done != 2 || failed != 1 || err != nil {
		t.Errorf("got %d due, %d done, %d failed, %v; want 3, 2 with the one that is gone, 1", due, done, failed, err)
	}
	if got := len(r.mailer.Mails()); got != 1 {
		t.Errorf("mails: got %d, want none for what could not be marked", got)
	}
}

// unwritable cannot store con_0 and still lists one that is gone.
type unwritable struct{ connection.Store }

func (u unwritable) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (connection.Connection, error) {
	if id == "con_0" {
		return u.Store.Update(ctx, tenant, id, func(c *connection.Connection) error {
			return errors.Join(change(c), errors.New("down"))
		})
	}
	return u.Store.Update(ctx, tenant, id, change)
}

func (u unwritable) Due(ctx context.Context, index connection.Index, t time.Time, limit int) ([]connection.Ref, error) {
	refs, err := u.Store.Due(ctx, index, t, limit)
	return append(refs, connection.Ref{Tenant: "acme", ID: "con_9"}), err
}
