package modeltest_test

import (
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/secret"
)

// The services warn of every failure that is made.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// Whatever fails, dies, is paused or overtaken at whatever step: nothing that a
// credential needs is lost without a trace, nothing is done twice, and once
// everything works again every connection is usable or says why not.
func TestTwoStoresAndAProvider(t *testing.T) {
	t.Parallel()
	ring := newKeyring(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := newSystem(t, rt, ring)
		all := map[string]func(*rapid.T){
			"":       func(*rapid.T) { s.check() },
			"forget": func(*rapid.T) { s.forget() },
			"replay": func(*rapid.T) { s.replay() },
		}
		for i, name := range actionNames {
			all[fmt.Sprint(name, i)] = func(*rapid.T) { s.act(name, "", 0) }
		}
		s.begin()
		rt.Repeat(all)
		s.converge()
	})
}

// begin makes a connection by handoff and one with a key.
func (s *system) begin() {
	for _, scheme := range []string{signIn, apiKey} {
		n := connect.New{TemplateID: s.made[scheme], Name: scheme}
		if scheme == apiKey {
			n.Credential = map[string]secret.Bytes{"apiKey": secret.FromString(s.provider.key(true))}
		}
		p := s.start(nil, fair, 0)
		c, err := p.connects.Create(s.ctx, caller("acme"), n)
		s.must(err)
		s.born[c.ID] = true
		if scheme == signIn {
			s.must(p.connect(c.ID))
		}
	}
}

var anyWait = rapid.SampledFrom([]time.Duration{
	0, 0, 0, time.Second, 10 * time.Second, 46 * time.Second, 7 * time.Minute, 7 * time.Minute, 10 * time.Minute, 54 * time.Minute,
	58 * time.Minute, 59*time.Minute + 30*time.Second, time.Hour, 25 * time.Hour,
})

// forget lets the provider end a grant, or a key, by itself.
func (s *system) forget() {
	if len(s.ids) == 0 || rapid.IntRange(0, 3).Draw(s.rt, "rarely") < 3 {
		return
	}
	c, there := s.get(rapid.SampledFrom(s.ids).Draw(s.rt, "connection"))
	if !there || c.Credential == nil {
		return
	}
	if c.SchemeType == apiKey {
		s.provider.keys[s.served(&c).Headers["X-Api-Key"].Reveal()] = false
		return
	}
	g := s.grantOf(&c)
	g.dead, g.forgotten = true, true
}

// converge lets everything work and the jobs run for more than a day.
func (s *system) converge() {
	s.jobs(80, 20*time.Minute)
	for _, id := range s.ids {
		if c, there := s.get(id); there && c.Lifecycle == connection.Disabled {
			s.must(s.start(nil, fair, 0).enable(id))
		}
	}
	s.jobs(6, 20*time.Minute)
	for _, id := range s.ids {
		s.settled(id)
	}
}

// jobs runs every job n times.
func (s *system) jobs(n int, pause time.Duration) {
	for range n {
		s.now = s.now.Add(pause)
		p := s.start(nil, fair, 0)
		_, _, _, err := p.leases.Refresher.Sweep(s.ctx)
		s.must(err)
		_, _, _, err = p.repairs.Sweep(s.ctx, "run-1")
		s.must(err)
		_, _, _, err = p.sweeps.ExpirePending(s.ctx)
		s.must(err)
		_, _, _, err = p.checks.Sweep(s.ctx, "run-1")
		s.must(err)
		s.check()
	}
}

func (s *system) must(err error) {
	s.rt.Helper()
	if err != nil {
		s.rt.Fatal(err)
	}
}

// settled checks that a connection came to rest: gone without a trace, usable,
// or flagged with good reason.
func (s *system) settled(id string) {
	c, there := s.get(id)
	if !there {
		return
	}
	status := connection.StatusOf(&c, s.now)
	if c.Lifecycle != connection.Ready || c.Refresh.Owner != "" || len(c.Refresh.Answer) > 0 {
		s.rt.Fatalf("%s (%s) did not come to rest: %s, refresh %+v", id, c.SchemeType, c.Lifecycle, c.Refresh)
	}
	if c.Credential == nil {
		return // Nobody connected it in time.
	}
	err := s.start(nil, fair, 0).lease(id, 0)
	flagged := flagged(&c)
	if flagged != (err != nil) {
		s.rt.Fatalf("%s (%s) is %s (%s), lease: %v", id, c.SchemeType, status.Name, status.Reason, err)
	}
	if flagged {
		return
	}
	good := s.provider.keys[s.served(&c).Headers["X-Api-Key"].Reveal()]
	if c.SchemeType != apiKey {
		good = !s.grantOf(&c).dead
	}
	if !good && status.Name == connection.StatusActive {
		s.rt.Fatalf("%s (%s) is active and not accepted", id, c.SchemeType)
	}
	if c.SchemeType == signIn && s.provider.refresh[s.held(&c).Reveal()] != s.grantOf(&c).newest {
		s.rt.Fatalf("I1: %s does not hold the newest refresh token", id)
	}
}
