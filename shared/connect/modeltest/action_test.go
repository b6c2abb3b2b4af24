package modeltest_test

import (
	"context"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/secret"
)

// actions is what people, runtimes and jobs do. Each is run by a process of its
// own, on a connection that is drawn.
var actions = map[string]func(p *process, id string) error{
	"create":     func(p *process, _ string) error { return p.create() },
	"connect":    (*process).connect,
	"lease":      func(p *process, id string) error { return p.lease(id, 0) },
	"refresh":    func(p *process, id string) error { return p.lease(id, 3*time.Hour) },
	"put":        (*process).put,
	"stage":      (*process).stage,
	"promote":    (*process).promote,
	"discard":    (*process).discard,
	"disable":    (*process).disable,
	"enable":     (*process).enable,
	"disconnect": (*process).disconnect,
	"sweep":      func(p *process, _ string) error { return p.sweep() },
	"reconcile":  func(p *process, _ string) error { return p.job("repair") },
	"lock": func(p *process, _ string) error {
		p.s.locked = rapid.IntRange(0, 3).Draw(p.s.rt, "rarely") == 3
		p.s.closed = p.s.closed || p.s.locked
		return nil
	},
}

// actionNames holds the more often what there is more to see of.
var actionNames = append(slices.Sorted(maps.Keys(actions)), "lease", "refresh", "refresh", "sweep", "put", "stage", "promote", "reconcile", "reconcile")

// act runs an action in a new process after a while, mostly on the connection
// given, if any.
func (s *system) act(name, id string, depth int) {
	if depth == 0 {
		s.now = s.now.Add(anyWait.Draw(s.rt, "time"))
	}
	plan := rapid.SliceOfN(anyEvent, 0, 2).Draw(s.rt, "plan")
	if depth >= 2 {
		plan = slices.DeleteFunc(plan, func(e event) bool { return e.Kind == overtaken })
	}
	p := s.start(plan, anyWeather.Draw(s.rt, "weather"), depth)
	p.spell, p.trouble = anySpell.Draw(s.rt, "spell"), anyTrouble.Draw(s.rt, "trouble")
	if other := rapid.SampledFrom(s.suited(name)).Draw(s.rt, "connection"); id == "" || rapid.IntRange(0, 4).Draw(s.rt, "same") == 4 {
		id = other
	}
	p.on, p.touched[id] = id, true
	s.rt.Logf("%d: %s %s", depth, name, id)
	s.run(p, func() error { return actions[name](p, id) })
}

// suited returns the connections on which an action may have an effect, or all.
func (s *system) suited(name string) []string {
	scheme := map[string]string{"connect": signIn, "refresh": signIn, "put": apiKey, "stage": apiKey, "promote": apiKey, "discard": apiKey}[name]
	ids := slices.DeleteFunc(slices.Clone(s.ids), func(id string) bool {
		c, there := s.get(id)
		return !there || scheme != "" && c.SchemeType != scheme
	})
	if len(ids) == 0 {
		return s.ids
	}
	return ids
}

// recorded checks that an action that succeeded stands in the audit (I6).
func (p *process) recorded(action audit.Action, id string) {
	p.s.rt.Helper()
	if !slices.ContainsFunc(p.entries, func(e audit.Entry) bool { return e.Action == action && e.Resource == id && e.Outcome == "allowed" }) {
		p.s.rt.Fatalf("I6: %s of %s was not recorded", action, id)
	}
}

func (p *process) create() error {
	s := p.s
	if len(s.ids) >= 5 {
		return nil
	}
	scheme := rapid.SampledFrom([]string{signIn, apiKey, machine}).Draw(s.rt, "scheme")
	key := rapid.SampledFrom([]string{"", "k-1", "k-2"}).Draw(s.rt, "key")
	if key != "" {
		key += s.now.Format(" 2006-01-02 PM") // A key is remembered for a day.
	}
	n := connect.New{TemplateID: s.made[scheme], Name: scheme, Fingerprint: scheme, Key: key}
	value := ""
	if scheme == apiKey {
		value = s.provider.key(rapid.IntRange(0, 4).Draw(s.rt, "good") > 0)
		n.Credential = map[string]secret.Bytes{"apiKey": secret.FromString(value)}
	}
	c, err := p.connects.Create(s.ctx, caller("acme"), n)
	if err != nil || p.dead {
		return err
	}
	s.born[c.ID] = true
	first, repeated := s.keyed[key]
	if repeated && key != "" {
		if first != c.ID {
			s.rt.Fatalf("I5: one key made %s and %s", first, c.ID)
		}
		return nil
	}
	s.keyed[key] = c.ID
	if !slices.ContainsFunc(p.entries, func(e audit.Entry) bool { return e.Resource == c.ID }) {
		return nil // The answer of an earlier run, which was recorded.
	}
	p.recorded(audit.ConnectionCreate, c.ID)
	return nil
}

func (p *process) lease(id string, minimum time.Duration) error {
	s := p.s
	before, was := s.get(id)
	began := s.now
	l, err := p.leases.Lease(s.ctx, caller("acme"), lease.Request{ConnectionID: id, Purpose: "sync", Minimum: minimum})
	if err != nil || p.dead {
		return err
	}
	if was && !p.disturbed && (flagged(&before) || before.Lifecycle != connection.Ready) {
		s.rt.Fatalf("%s is %s (%s) and was leased", id, before.Lifecycle, before.Health.Reason)
	}
	p.recorded(audit.ConnectionLease, id)
	if !slices.ContainsFunc(p.entries, func(e audit.Entry) bool { return e.Facts["lease"] == l.ID }) {
		s.rt.Fatalf("I6: lease %s was not recorded", l.ID)
	}
	if s.now.Sub(began) < time.Minute { // Nobody waits longer.
		s.accepted(id, l.Credential)
	}
	if key := l.Credential.Headers["X-Api-Key"].Reveal(); key != s.kept[l.Connection.Credential.At.Version] {
		s.rt.Fatalf("%s leased the key %q, which is not that of the version in use", id, key)
	}
	if now, there := s.get(id); there && !p.disturbed && now.Credential.Version != l.Connection.Credential.Version {
		s.rt.Fatalf("%s leased version %d, not %d", id, l.Connection.Credential.Version, now.Credential.Version)
	}
	return nil
}

func (p *process) put(id string) error {
	s := p.s
	before, was := s.get(id)
	good := rapid.IntRange(0, 3).Draw(s.rt, "good") > 0
	key := s.provider.key(good)
	s.offered[key] = id
	_, err := p.connects.PutCredential(s.ctx, caller("acme"), id, "*", map[string]secret.Bytes{"apiKey": secret.FromString(key)})
	if err == nil && !p.dead {
		p.recorded(audit.CredentialPut, id)
		if !good {
			s.rt.Fatalf("%s took a key that the provider refuses", id)
		}
	}
	if err != nil && was && p.whole() {
		s.unchanged(before)
	}
	return err
}

func (p *process) disable(id string) error {
	_, err := p.people.Disable(p.s.ctx, caller("acme"), id, "")
	if err == nil && !p.dead {
		p.recorded(audit.ConnectionDisable, id)
	}
	return err
}

func (p *process) enable(id string) error {
	_, err := p.people.Enable(p.s.ctx, caller("acme"), id, "")
	if err == nil && !p.dead {
		p.recorded(audit.ConnectionEnable, id)
	}
	return err
}

func (p *process) disconnect(id string) error {
	s := p.s
	receipt, err := p.connects.Disconnect(s.ctx, caller("acme"), id, "")
	if err != nil || p.dead {
		return err
	}
	p.recorded(audit.ConnectionDelete, id)
	c, there := s.get(id)
	untold := p.hurt && len(c.Outbox) > 0 // It stays until its deletion is told.
	if there != (receipt == "pending" || untold) && !p.disturbed {
		s.rt.Fatalf("%s was disconnected, receipt %q, record: %t", id, receipt, there)
	}
	if receipt != "pending" && !p.disturbed {
		s.bare(id)
	}
	return nil
}

// sweep runs one of the jobs.
func (p *process) sweep() error {
	return p.job(rapid.SampledFrom([]string{"refresh", "repair", "handoffs", "health", "orphans"}).Draw(p.s.rt, "job"))
}

func (p *process) job(name string) (err error) {
	switch name {
	case "refresh":
		err = p.each(connection.RefreshDue, p.leases.Refresher.Due)
	case "repair":
		err = p.each(connection.ReconcileDue, p.repairs.Due)
	case "handoffs":
		_, _, _, err = p.sweeps.ExpirePending(p.s.ctx)
	case "health":
		err = p.each(connection.HealthDue, p.checks.Due)
	case "orphans":
		_, _, _, err = p.orphans.Sweep(p.s.ctx, "run-1")
	}
	return err
}

// each does the work on what is due, one after the other: the model decides what
// runs between what.
func (p *process) each(index connection.Index, work func(context.Context, string, due.Item) error) error {
	_, _, _, err := connectiontest.Sweep(p.s.ctx, p.repairs.Store, index, p.s.tick(), 1, work)
	return err
}

// unchanged checks that a failed action left the credential that was served.
func (s *system) unchanged(before connection.Connection) {
	c, ok := s.get(before.ID)
	if !ok || before.Credential == nil {
		return
	}
	if c.LeaseCount != before.LeaseCount || c.Credential == nil || *c.Credential != *before.Credential {
		s.rt.Fatalf("a failed action replaced the credential of %s", c.ID)
	}
}
