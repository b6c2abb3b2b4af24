package modeltest_test

import (
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/secret"
)

// The services warn of every failure that is made.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// REF-17: whatever fails, dies, is paused or overtaken at whatever step: nothing that a
// credential needs is lost without a trace, nothing is done twice, and once
// everything works again every connection is usable or says why not.
func TestREF17TwoStoresAndAProvider(t *testing.T) {
	t.Parallel()
	ring := newKeyring(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := newSystem(t, rt, ring)
		defer s.end()
		all := map[string]func(*rapid.T){
			"":       func(*rapid.T) { s.check() },
			"forget": func(*rapid.T) { s.forget() },
			"replay": func(*rapid.T) { s.replay() },
			"wake":   func(*rapid.T) { s.wake() },
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
