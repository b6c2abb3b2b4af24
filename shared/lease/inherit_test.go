package lease_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// takeOver lets the template say something else, and the record have it.
func (r *rig) takeOver(t *testing.T, hosts map[string]string, change func(*connection.Connection)) {
	t.Helper()
	r.target.TemplateRevision, r.target.Connector.BaseURL, r.target.Hosts = 2, "https://api.example.com/v2", hosts
	r.change(t, func(c *connection.Connection) { c.TemplateRevision = 2; change(c) })
}

// A change of the template that is taken over while the provider is asked is not
// undone by its answer, which was asked for by the values of before: that is settled
// by those of now, and no token is lost.
func TestAnAnswerIsSettledByTheValuesOfNow(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.target.TemplateRevision = 1
		time.Sleep(time.Hour)
		err := r.leaseDuring(t, func() {
			r.takeOver(t, nil, func(c *connection.Connection) { c.BaseURL = "https://api.example.com/v2" })
		})
		if c := r.record(t); err != nil || c.BaseURL != "https://api.example.com/v2" || c.TemplateRevision != 2 || len(c.Refresh.Answer) > 0 {
			t.Errorf("%v; base URL %q of revision %d, an answer of %d bytes left", err, c.BaseURL, c.TemplateRevision, len(c.Refresh.Answer))
		}
		r.expire()
		r.token(t)
	})
}

// Nor does it hand the token of one host to another: it waits until the template
// goes back, or somebody reconnects.
func TestAnAnswerDoesNotMove(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		before := map[string]string{"host": "api.example.com"}
		r.change(t, func(c *connection.Connection) { c.Hosts = before })
		r.target.TemplateRevision, r.target.Hosts = 1, before
		time.Sleep(time.Hour)
		err := r.leaseDuring(t, func() {
			r.takeOver(t, map[string]string{"host": "api.other.com"}, func(c *connection.Connection) { c.Health.Reason = connection.ReasonInputsChanged })
		})
		c := r.record(t)
		if !fault.Has(err, fault.CodeReauthRequired) || c.BaseURL == "https://api.example.com/v2" || len(c.Refresh.Answer) == 0 {
			t.Errorf("%v; base URL %q, an answer of %d bytes", err, c.BaseURL, len(c.Refresh.Answer))
		}
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeReauthRequired) {
			t.Errorf("after it: %v", err)
		}
		time.Sleep(time.Minute) // The lease of the refresh ends.
		r.target.Hosts, r.target.TemplateRevision = before, 3
		r.change(t, func(c *connection.Connection) { c.Health.Reason, c.TemplateRevision = connection.ReasonNone, 3 })
		r.token(t)
	})
}

// An address that is given while the provider is asked is not undone by the answer.
func TestAnAnswerIsSettledByTheInputsOfNow(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		time.Sleep(time.Hour)
		err := r.leaseDuring(t, func() {
			r.target.Connector.BaseURL = "https://api.example.com/second"
			r.change(t, func(c *connection.Connection) { c.Inputs = map[string]string{"path": "second"} })
		})
		if c := r.record(t); err != nil || c.BaseURL != "https://api.example.com/second" || len(c.Refresh.Answer) > 0 {
			t.Errorf("%v; base URL %q, an answer of %d bytes left", err, c.BaseURL, len(c.Refresh.Answer))
		}
		r.expire()
		r.token(t)
	})
}
