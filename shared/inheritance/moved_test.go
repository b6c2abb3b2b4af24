package inheritance_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

type secretBytes = secret.Bytes

func secretOf(text string) secret.Bytes { return secret.FromString(text) }

func refreshOf(t method.Target) catalog.Refresh { return t.Scheme.RefreshPolicy() }

// A credential goes to no other host, nor a token to another realm, because the
// template says so: the connection needs a person, who is told, and nothing is leased
// for either address. When the template goes back on it, all is as before.
func TestACredentialDoesNotMove(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scheme string
		inputs map[string]string
		moves  bool
	}{
		"a key to another host":         {"key", map[string]string{"host": "api.other.com"}, true},
		"a token to another host":       {"person", map[string]string{"host": "api.other.com"}, true},
		"a token to another realm":      {"person", map[string]string{"host": "api.desk.com", "realm": "second"}, true},
		"a key to another realm":        {"key", map[string]string{"host": "api.desk.com", "realm": "second"}, false},
		"a token to another version":    {"person", map[string]string{"host": "api.desk.com", "version": "v2"}, false},
		"a grant of the client's own":   {"machine", map[string]string{"host": "api.other.com"}, false},
		"a key to the host in capitals": {"key", map[string]string{"host": "API.desk.com"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			made := r.define(c.scheme, map[string]string{"host": "api.desk.com"})
			held := r.connect(made, "acme", 1, nil)
			r.change(made, c.inputs)
			_, err := r.service.Resolve(t.Context(), held)
			if errors.Is(err, connection.ErrMoved) != c.moves {
				t.Errorf("before the walk a refresh gets %v", err)
			}
			must(t, r.walk(made))
			if !c.moves {
				if got := r.status(held); got != "active " {
					t.Errorf("status %q", got)
				}
				return
			}
			if got := r.status(held); got != "degraded inputs_changed" {
				t.Errorf("status %q", got)
			}
			events := r.bus.Events()
			if last := events[len(events)-1]; last.Detail["reason"] != "inputs_changed" || last.Tenant != "acme" || last.Resource != held.ID {
				t.Errorf("told %+v", last)
			}
			if l, err := r.lend(held); err == nil || !fault.Has(err, fault.CodeReauthRequired) {
				t.Errorf("leased for %q, %v", l.Connection.BaseURL, err)
			}
			r.change(made, map[string]string{"host": "api.desk.com"})
			must(t, r.walk(made))
			if got := r.status(held); got != "active " {
				t.Errorf("after it was taken back: %q", got)
			}
			if _, err := r.lend(held); err != nil {
				t.Errorf("after it was taken back: %v", err)
			}
		})
	}
}

// What the provider refused before stays refused when the template goes back.
func TestADeadCredentialStaysDead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("person", map[string]string{"host": "api.desk.com"})
	c := r.connect(made, "acme", 1, nil)
	r.set(c, func(c *connection.Connection) { c.Health.Reason = connection.ReasonReauthRequired })
	for _, host := range []string{"api.other.com", "api.desk.com"} {
		r.change(made, map[string]string{"host": host})
		must(t, r.walk(made))
		if got := r.status(c); got != "degraded reauth_required" {
			t.Errorf("status %q", got)
		}
	}
}

// A token of the template's own client is given up for one of the new host: until
// that is there nothing is leased, and it is asked for soon.
func TestAGrantIsMadeAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("machine", map[string]string{"host": "api.desk.com"})
	c := r.connect(made, "acme", 1, nil)
	r.set(c, func(c *connection.Connection) {
		c.Refresh = connection.Refresh{Epoch: 4, Answer: []byte("of the old host"), AnswerEpoch: 4}
	})
	r.change(made, map[string]string{"host": "api.other.com"})
	must(t, r.walk(made))
	got := r.get(c)
	if got.Refresh.Epoch != 5 || len(got.Refresh.Answer) > 0 {
		t.Errorf("a token of the old host is still waited for: %+v", got.Refresh)
	}
	if got.BaseURL != "https://api.other.com/v1" || len(got.Lease) > 0 || !got.Due.Refresh.Equal(r.now.Add(due.Soon)) {
		t.Errorf("%q with a hot copy of %d bytes, refreshed %s from now", got.BaseURL, len(got.Lease), got.Due.Refresh.Sub(r.now).Round(time.Second))
	}
}
