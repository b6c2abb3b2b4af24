package expiry_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

func TestWhoIsToldOf(t *testing.T) {
	t.Parallel()
	moving := &connection.Credential{Refreshable: true, Rolling: true, RefreshExpiresAt: lapses}
	for name, c := range map[string]struct {
		change func(*connection.Connection)
		told   string // Kind, lapse.
	}{
		"a key that lapses":                 {func(c *connection.Connection) {}, "credential 2026-06-30T12:00:00Z"},
		"a key whose end was stated":        {func(c *connection.Connection) { c.Credential = &connection.Credential{EndsAt: lapses} }, "credential 2026-06-30T12:00:00Z"},
		"a stated end before the known one": {func(c *connection.Connection) { c.Credential.EndsAt = lapses.Add(-day) }, "credential 2026-06-29T12:00:00Z"},
		"a key that tokens are had with": {func(c *connection.Connection) {
			c.Credential = &connection.Credential{Refreshable: true, Static: true, ExpiresAt: lapses.Add(-20 * day), EndsAt: lapses}
		}, "credential 2026-06-30T12:00:00Z"},
		"a refresh token that lapses": {func(c *connection.Connection) {
			c.Credential = &connection.Credential{Refreshable: true, RefreshExpiresAt: lapses}
		}, "refresh_token 2026-06-30T12:00:00Z"},
		"paused":            {func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, "credential 2026-06-30T12:00:00Z"},
		"an end that moves": {func(c *connection.Connection) { c.Credential = moving }, ""},
		"an end that does not move while paused": {func(c *connection.Connection) {
			c.Credential, c.Lifecycle = moving, connection.Disabled
		}, "refresh_token 2026-06-30T00:00:00Z"},
		"an end that moves while refreshing fails": {func(c *connection.Connection) {
			c.Credential, c.Refresh.FailedCount = moving, 1
		}, "refresh_token 2026-06-30T00:00:00Z"},
		"an end that moves of a dead credential": {func(c *connection.Connection) {
			c.Credential, c.Health.Reason = moving, connection.ReasonReauthRequired
		}, "refresh_token 2026-06-30T00:00:00Z"},
		"a token that is renewed": {func(c *connection.Connection) {
			c.Credential = &connection.Credential{Refreshable: true, ExpiresAt: lapses}
		}, ""},
		"a key without end": {func(c *connection.Connection) { c.Credential = &connection.Credential{} }, ""},
		"no credential":     {func(c *connection.Connection) { c.Credential = nil }, ""},
		"being deleted":     {func(c *connection.Connection) { c.Lifecycle = connection.Deleting }, ""},
		"one that is saved and not in use": {func(c *connection.Connection) {
			c.Credential, c.Pending = nil, &connection.Kept{EndsAt: lapses}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, ladder)
			r.connect(t, "con_1", key())
			r.change(t, "con_1", c.change)
			r.at(t, 10*day)
			told := ""
			for _, e := range r.bus.Events() {
				told += e.Detail["kind"] + " " + e.Detail["lapsesAt"]
			}
			if told != c.told {
				t.Errorf("got %q, want %q", told, c.told)
			}
			after := r.record(t, "con_1")
			watched := after.Credential != nil && after.Lifecycle != connection.Deleting
			if got := !after.Due.Expiry.IsZero(); got != watched {
				t.Errorf("looked at again: got %v, want %v", got, watched)
			}
		})
	}
}

// A key without a known end is told of once, when it has the age; the next one
// starts anew.
func TestRotation(t *testing.T) {
	t.Parallel()
	set := lapses.Add(-100 * day)
	for name, c := range map[string]struct {
		days int
		want []string // Ages in days, by which the looks come to 110.
	}{
		"default": {0, []string{"90"}}, "another age": {60, []string{"60"}}, "older already": {3, []string{"5"}}, "never": {-1, []string{}},
	} {
		settings := ladder
		settings.RotationDays = c.days
		r := newRig(t, settings)
		r.now = set
		r.connect(t, "con_1", &connection.Credential{Static: true, SetAt: set, Last4: "abcd"})
		r.change(t, "con_1", func(c *connection.Connection) { c.Due.Expiry = set.Add(5 * day) })
		ages := []string{}
		for hour := range 24 * 110 {
			r.now = set.Add(time.Duration(hour) * time.Hour)
			r.run(t)
		}
		for _, e := range r.bus.Events() {
			if e.Type != notify.RotationDue || e.Resource != "con_1" || e.Detail["setAt"] != set.Format(time.RFC3339) || e.Detail["connector"] != "crm" {
				t.Errorf("%s: got %+v", name, e)
			}
			ages = append(ages, e.Detail["ageDays"])
		}
		if diff := cmp.Diff(c.want, ages); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		r.change(t, "con_1", func(c *connection.Connection) { c.Credential.SetAt, c.Due.Expiry = r.now, r.now })
		r.now = r.now.Add(100 * day)
		r.run(t)
		if got := len(r.bus.Events()); (c.days == -1) != (got == 0) || c.days != -1 && got != 2 {
			t.Errorf("%s: %d events after the next key", name, got)
		}
	}
}

// A change of a system is told once, however many connections it hits, and only
// where it hits one.
func TestSunsetIsToldOncePerTenant(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.settings(t, "globex", tenant.Settings{Reminders: true})
	r.now = sunset.Add(-60 * day)
	for i := range 20 {
		r.connect(t, fmt.Sprint("con_", i), &connection.Credential{Refreshable: true})
		r.change(t, fmt.Sprint("con_", i), func(c *connection.Connection) {
			c.Connector = "own-erp"
			if i > 10 {
				c.Scheme = "oauth2_authorization_code"
			}
		})
	}
	for hour := range 24 * 70 {
		r.now = sunset.Add(-60 * day).Add(time.Duration(hour) * time.Hour)
		r.run(t)
	}
	var got []string
	for _, e := range r.bus.Events() {
		got = append(got, e.Type+" "+e.Tenant+" "+e.Resource+" "+e.Detail["kind"]+" "+e.Detail["lapsesAt"]+" "+e.Detail["daysBefore"])
	}
	const of = "expiration.due acme own-erp sunset 2026-12-01T00:00:00Z "
	if diff := cmp.Diff([]string{of + "30", of + "14", of + "1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The next look is at the next step, and within a day where another ladder would
// matter; what has no date is looked at every week.
func TestNextLook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		credential connection.Credential
		before     time.Duration
		want       time.Duration // From the look.
	}{
		"far ahead":               {*key(), 395 * day, 7 * day},
		"a year ahead":            {*key(), 370 * day, 4 * day},
		"within the longest step": {*key(), 200 * day, day},
		"before a step":           {*key(), 14*day + time.Hour, time.Hour},
		"at a step":               {*key(), 14 * day, day},
		"at the last step":        {*key(), 12 * time.Hour, day},
		"long after the end":      {*key(), -7 * day, 7 * day},
		"no date":                 {connection.Credential{Refreshable: true}, 100 * day, 7 * day},
		"before a rotation":       {connection.Credential{Static: true, SetAt: lapses.Add(-95 * day)}, 6 * day, day},
		"after a rotation":        {connection.Credential{Static: true, SetAt: lapses.Add(-95 * day)}, 5 * day, 7 * day},
		"an end that moves":       {connection.Credential{Refreshable: true, Rolling: true, RefreshExpiresAt: lapses}, 8*day + 12*time.Hour, 4 * day},
		"an end that moves soon":  {connection.Credential{Refreshable: true, Rolling: true, RefreshExpiresAt: lapses}, 13 * time.Hour, day},
	} {
		r := newRig(t, ladder)
		r.connect(t, "con_1", &c.credential)
		r.at(t, c.before)
		if got := r.record(t, "con_1").Due.Expiry.Sub(r.now); got != c.want {
			t.Errorf("%s: next look in %s, want %s", name, got, c.want)
		}
	}
}
