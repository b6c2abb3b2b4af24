package modeltest_test

import (
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// converge lets everything work and the jobs run for more than a day.
func (s *system) converge() {
	for s.locked = false; len(s.parked) > 0; {
		s.wake()
	}
	s.locked = false
	s.check()
	s.jobs(80, 20*time.Minute)
	for _, id := range s.ids {
		if c, there := s.get(id); there && c.Lifecycle == connection.Disabled {
			s.must(s.start(nil, fair, 0).enable(id))
		}
	}
	s.jobs(6, 20*time.Minute)
	for _, id := range s.ids {
		s.settled(id)
		s.informed(id)
		s.labelled(id)
	}
	s.ended()
	s.collected()
}

// jobs runs every job n times.
func (s *system) jobs(n int, pause time.Duration) {
	for range n {
		s.now = s.now.Add(pause)
		p := s.start(nil, fair, 0)
		for _, name := range []string{"refresh", "repair", "handoffs", "health"} {
			s.must(p.job(name))
		}
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
	if c.Lifecycle != connection.Ready || c.Refresh.Owner != "" || len(c.Refresh.Answer) > 0 || len(c.Retiring) > 0 || !c.Provisioning.IsZero() {
		s.rt.Fatalf("%s (%s) did not come to rest: %s, refresh %+v, retiring %v", id, c.SchemeType, c.Lifecycle, c.Refresh, c.Retiring)
	}
	if due := c.Due.Reconcile; !due.IsZero() && !due.After(s.now) {
		s.rt.Fatalf("%s is due at %s", id, due)
	}
	if c.Credential == nil {
		if c.SchemeType != signIn {
			s.rt.Fatalf("%s (%s) was left without a credential", id, c.SchemeType)
		}
		return // Nobody connected it in time.
	}
	err := s.start(nil, fair, 0).lease(id, 0)
	flagged := flagged(&c)
	if flagged != (err != nil) || status.Reason == connection.ReasonKeyUnavailable {
		s.rt.Fatalf("%s (%s) is %s (%s), lease: %v", id, c.SchemeType, status.Name, status.Reason, err)
	}
	if !flagged {
		s.good(&c, status)
	}
}

// good checks that what is served is what the provider accepts.
func (s *system) good(c *connection.Connection, status connection.Status) {
	good := s.provider.keys[s.served(c).Headers["X-Api-Key"].Reveal()]
	if c.SchemeType != apiKey {
		good = !s.grantOf(c).dead
	}
	if !good && status.Name == connection.StatusActive {
		s.rt.Fatalf("%s (%s) is active and not accepted", c.ID, c.SchemeType)
	}
	if c.SchemeType == signIn && s.provider.refresh[s.held(c).Reveal()] != s.grantOf(c).newest {
		s.rt.Fatalf("I1: %s does not hold the newest refresh token", c.ID)
	}
}

// The staging labels of the secret store.
const (
	currentLabel  = "AWSCURRENT"
	pendingLabel  = "AWSPENDING"
	previousLabel = "AWSPREVIOUS"
)

// labelled checks the labels of a connection with a key: they say what the record
// says, the current one at least, unless a process died or failed between the two;
// then the next rotation puts them right. Until that, a kept version may have lost
// its label to one that no record names, or to one that was put at the same time:
// it can be promoted as long as the secret store has it.
func (s *system) labelled(id string) {
	c, there := s.get(id)
	if !there || c.SchemeType != apiKey {
		return
	}
	labels := s.secrets.Labels(c.SecretName)
	if !s.torn[id] && !slices.Contains(labels[c.Credential.At.Version], currentLabel) {
		s.rt.Fatalf("version %d of %s is in use and not the current one: %v", c.Credential.Version, id, labels)
	}
	if s.vague[id] {
		s.rotate(id)
		c, _ = s.get(id)
	}
	want := map[string][]string{c.Credential.At.Version: {currentLabel}}
	if c.Pending != nil {
		want[c.Pending.At.Version] = []string{pendingLabel}
	}
	if c.Previous != nil {
		want[c.Previous.At.Version] = []string{previousLabel}
	}
	if diff := cmp.Diff(want, s.secrets.Labels(c.SecretName)); diff != "" {
		s.rt.Fatalf("labels of %s (-want +got):\n%s", id, diff)
	}
}

// rotate puts another key in the place of the one that serves.
func (s *system) rotate(id string) {
	p, key := s.start(nil, fair, 0), s.provider.key(true)
	_, err := p.connects.StageCredential(s.ctx, caller("acme"), id, "*", map[string]secret.Bytes{"apiKey": secret.FromString(key)})
	s.must(err)
	_, err = p.connects.Promote(s.ctx, caller("acme"), connect.Promotion{ConnectionID: id, IfMatch: "*"})
	s.must(err)
	if c, _ := s.get(id); s.served(&c).Headers["X-Api-Key"].Reveal() != key {
		s.rt.Fatalf("%s was rotated and serves what it did", id)
	}
}

// ended checks that every grant that served nobody, or a connection that is gone,
// is dead at the provider (REF-12), unless whoever was sent a token of it could
// not tell: a token is not revoked while nobody can read whether it serves.
func (s *system) ended() {
	if s.closed {
		return
	}
	for _, g := range s.provider.grants {
		if g.dead || g.lost || g.replaced || g.newest == nil {
			continue
		}
		if c, there := s.get(g.connection); there && c.Credential != nil && s.grantOf(&c) == g {
			continue
		}
		receipt := s.receipts[g.connection]
		excused := receipt == string(method.RevokeFailed) || receipt == string(method.NotSupported)
		for _, p := range g.holders {
			excused = excused || p.dead || p.hurt || p.foul || p.weather != fair
		}
		if !excused {
			s.rt.Fatalf("REF-12: a grant of %s lives on, receipt %q", g.connection, receipt)
		}
	}
}

// collected checks that the sweep of orphans takes what no record names, and
// nothing else.
func (s *system) collected() {
	var want []string
	for _, name := range s.secrets.Names() {
		tenant, owner := vault.SecretOwner(name)
		if c, there := s.get(owner); tenant != "acme" || there && c.SecretName == name {
			want = append(want, name)
		}
	}
	for range 2 {
		s.now = s.now.Add(25 * time.Hour)
		s.must(s.start(nil, fair, 0).job("orphans"))
	}
	if diff := cmp.Diff(want, s.secrets.Names()); diff != "" {
		s.rt.Fatalf("secrets (-want +got):\n%s", diff)
	}
}

// observe notes what a record that was just written says, and that no number of
// a version was given twice.
func (s *system) observe(c *connection.Connection) {
	if c.Deletion.Revocation != "" || c.Lifecycle == connection.Deleting {
		s.receipts[c.ID] = c.Deletion.Revocation
	}
	if c.Credential == nil {
		return
	}
	s.numbered(c.ID, c.Credential.Version, c.Credential.SetAt)
	for _, k := range []*connection.Kept{c.Pending, c.Previous} {
		if k != nil {
			s.numbered(c.ID, k.Version, k.SetAt)
		}
	}
	if c.SchemeType != signIn {
		return
	}
	g := s.grantOf(c)
	if was := s.serving[c.ID]; was != nil && was != g {
		was.replaced = true
	}
	s.serving[c.ID] = g
}

func (s *system) numbered(id string, version int, set time.Time) {
	if s.numbers[id] == nil {
		s.numbers[id] = map[int]time.Time{}
	}
	if was, ok := s.numbers[id][version]; ok && !was.Equal(set) {
		s.rt.Fatalf("version %d of %s was given twice: at %s and at %s", version, id, was, set)
	}
	s.numbers[id][version] = set
}
