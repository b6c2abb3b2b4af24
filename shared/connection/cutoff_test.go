package connection_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// AUD-06: how a connection that was cut off looks, and who brings it back.
func TestAUD06StatusOfWhatIsCutOff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cutoff  connection.Cutoff
		reason  connection.Reason
		remedy  string
		message string
		shown   string
	}{
		"being revoked":   {connection.Cutoff{Reason: connection.ReasonKillSwitch, Next: now}, "kill_switch", "contact_admin", "", "pending"},
		"revoked":         {connection.Cutoff{Reason: connection.ReasonKillSwitch, Revocation: "revoked"}, "kill_switch", "contact_admin", "", "revoked"},
		"a key":           {connection.Cutoff{Reason: connection.ReasonKillSwitch, Revocation: "not_supported"}, "kill_switch", "contact_admin", "rotate", "not_supported"},
		"refused":         {connection.Cutoff{Reason: connection.ReasonStale, Revocation: "failed"}, "stale", "reconnect", "rotate", "failed"},
		"nobody used it":  {connection.Cutoff{Reason: connection.ReasonStale, Revocation: "revoked"}, "stale", "reconnect", "", "revoked"},
		"nothing to lose": {connection.Cutoff{Reason: connection.ReasonStale, Revocation: "nothing_to_revoke"}, "stale", "reconnect", "", "nothing_to_revoke"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := connection.Connection{Lifecycle: connection.Disabled, Cutoff: &test.cutoff}
			s := connection.StatusOf(&c, now)
			if s.Name != connection.StatusDisabled || s.Reason != test.reason || s.Remedy != test.remedy || strings.Contains(s.Message, "rotate") != (test.message != "") {
				t.Errorf("status %+v", s)
			}
			if got := c.API(now); got.Revocation != test.shown {
				t.Errorf("revocation %q", got.Revocation)
			}
		})
	}
}

type gate bool

func (g gate) Pass(context.Context, string, string) error {
	if g {
		return nil
	}
	return connection.ErrKillSwitch
}

// AUD-06: nothing is enabled under a switch, nor while its credential lives.
func TestAUD06Enable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lifted bool
		change func(*connection.Connection)
		code   fault.Code
		status string // After it was enabled.
	}{
		"paused, under a switch": {false, func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, fault.CodeKillSwitch, ""},
		"cut off, under a switch": {false, func(c *connection.Connection) {
			c.CutOff(connection.ReasonKillSwitch, now)
			c.Forget("next")
		}, fault.CodeKillSwitch, ""},
		"being revoked": {true, func(c *connection.Connection) { c.CutOff(connection.ReasonKillSwitch, now) }, fault.CodeConflict, ""},
		"lifted": {true, func(c *connection.Connection) {
			c.CutOff(connection.ReasonKillSwitch, now)
			c.Forget("next")
		}, "", "degraded/no_credential"},
		"forgotten, paused before": {true, func(c *connection.Connection) {
			c.Lifecycle = connection.Disabled
			c.CutOff(connection.ReasonStale, now)
			c.Forget("next")
		}, "", "degraded/no_credential"},
		"paused": {true, func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, "", "active/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.Gate = gate(test.lifted)
			_, err := r.store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error { test.change(c); return nil })
			if err != nil {
				t.Fatal(err)
			}
			c, err := r.Enable(t.Context(), ann, "con_1", "")
			if test.code != "" {
				if !fault.Has(err, test.code) || r.record(t).Lifecycle != connection.Disabled {
					t.Errorf("got %v, want %s", err, test.code)
				}
				return
			}
			if s := connection.StatusOf(&c, now); err != nil || s.Name+"/"+string(s.Reason) != test.status {
				t.Errorf("status %+v, %v; want %s", s, err, test.status)
			}
		})
	}
}

// A person who pauses what is cut off finds it paused when the switch is lifted.
func TestPausedWhileCutOff(t *testing.T) {
	t.Parallel()
	for _, paused := range []bool{false, true} {
		c := connection.Connection{Lifecycle: connection.Ready, Credential: &connection.Credential{}}
		if paused {
			c.Lifecycle = connection.Disabled
		}
		c.CutOff(connection.ReasonKillSwitch, now)
		c.Forget("next")
		if err := c.Restore(); err != nil || (c.Lifecycle == connection.Disabled) != paused || c.Cutoff != nil {
			t.Errorf("paused %t: %s, %v", paused, c.Lifecycle, err)
		}
	}
}

// The last use is shown by the day.
func TestLastUseIsShown(t *testing.T) {
	t.Parallel()
	c := connection.Connection{}
	if got := c.API(now).LastUsedAt; got != "" {
		t.Errorf("of one never used: %q", got)
	}
	c.UsedAt = now
	if got, want := c.API(now).LastUsedAt, now.Format("2006-01-02"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
