package modeltest_test

import (
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// mark is how far a record had come: none of it goes back.
type mark struct {
	epoch, versions, leases int
	deleting, gone          bool
	made                    time.Time
}

// check is what may never be otherwise, whenever no process runs.
func (s *system) check() {
	for _, id := range s.ids {
		c, there := s.get(id)
		s.forward(id, &c, there)
		if !there {
			if !s.torn[id] {
				s.bare(id)
			}
			continue
		}
		s.due(&c)
		s.condemned(&c)
		if c.Credential == nil || c.Lifecycle == connection.Deleting {
			continue
		}
		s.stored(&c)
		if c.SchemeType == signIn {
			s.newest(&c)
		}
	}
}

// forward checks that nothing that was counted or ended came back.
func (s *system) forward(id string, c *connection.Connection, there bool) {
	was := s.marks[id]
	now := mark{c.Refresh.Epoch, c.Versions, c.LeaseCount, c.Lifecycle == connection.Deleting, !there, c.CreatedAt}
	if there && s.late[id] && (was.gone || !c.CreatedAt.Equal(was.made)) {
		was = mark{} // By a process that stood still for longer than Lambda lets one run.
	}
	if there && (was.gone || was.deleting && (!now.deleting || now.leases > was.leases) || now.epoch < was.epoch || now.versions < was.versions || now.leases < was.leases) {
		s.rt.Fatalf("%s went back from %+v to %+v", id, was, now)
	}
	s.marks[id] = now
}

// bare checks that no secret of a connection that is gone exists (I7).
func (s *system) bare(id string) {
	for _, name := range s.secrets.Names() {
		if _, owner := vault.SecretOwner(name); owner == id {
			s.rt.Fatalf("I7: %s is gone and %s exists", id, name)
		}
	}
}

// due checks that no job is to look at what it must leave alone, and that the
// reconciler is to look at everything else.
func (s *system) due(c *connection.Connection) {
	d, planned := c.Due, *c
	planned.PlanReconcile()
	deleting := c.Lifecycle == connection.Deleting
	switch {
	case c.Lifecycle != connection.Ready && (!d.Refresh.IsZero() || !d.Health.IsZero()),
		c.Lifecycle == connection.Pending && d.Pending.IsZero() && c.Provisioning.IsZero(),
		!d.Reconcile.Equal(planned.Due.Reconcile), deleting && d.Reconcile.IsZero(),
		(len(c.Retiring) > 0) == c.RetireAt.IsZero(),
		!deleting && (len(c.Refresh.Token) > 0) == c.Refresh.PromoteAt.IsZero():
		s.rt.Fatalf("%s is %s and due %+v, to retire %v at %s, to promote at %s", c.ID, c.Lifecycle, d, c.Retiring, c.RetireAt, c.Refresh.PromoteAt)
	}
}

// condemned checks that only the provider's own word condemns a credential, and
// for the reason that it was (I8).
func (s *system) condemned(c *connection.Connection) {
	if !flagged(c) || c.SchemeType == machine {
		return // The refusals of a machine name no connection.
	}
	g := s.grantOf(c)
	if s.vague[c.ID] && g.refused {
		return // Whether one that died, or came too late, had sent anything is not known.
	}
	if !g.refused || c.Health.Reason == connection.ReasonLostAnswer && !g.lost {
		s.rt.Fatalf("I8: %s is flagged %s; refused: %t, an answer lost: %t", c.ID, c.Health.Reason, g.refused, g.lost)
	}
}

// flagged reports whether the credential is known to be dead.
func flagged(c *connection.Connection) bool {
	return c.Health.Reason == connection.ReasonReauthRequired || c.Health.Reason == connection.ReasonLostAnswer
}

// grantOf is the grant whose access token the record serves.
func (s *system) grantOf(c *connection.Connection) *grant {
	t := s.provider.access[s.served(c).AccessToken.Reveal()]
	if t == nil {
		s.rt.Fatalf("%s serves a token that was never issued", c.ID)
	}
	return t.of
}

// stored checks that the secret store holds what the record names, that it is
// the credential that is served, and that it has a label: a version without one
// may be removed.
func (s *system) stored(c *connection.Connection) {
	at := c.Credential.At
	if at.Secret == "" {
		return
	}
	m := s.material(c)
	if at.Secret != c.SecretName || m.Tenant != c.Tenant || m.Resource != c.ID {
		s.rt.Fatalf("%s keeps its credential in %s, of %s", c.ID, at.Secret, m.Resource)
	}
	if len(s.secrets.Labels(at.Secret)[at.Version]) == 0 {
		s.rt.Fatalf("the version that %s uses has no label: %v", c.ID, s.secrets.Labels(at.Secret))
	}
	served := s.served(c).Headers["X-Api-Key"].Reveal()
	if kept := m.Fields["apiKey"].Reveal(); kept != served {
		s.rt.Fatalf("%s serves %q and keeps %q", c.ID, served, kept)
	}
	if owner, put := s.offered[served]; put && owner != c.ID {
		s.rt.Fatalf("%s serves the key of %s", c.ID, owner)
	}
}

func (s *system) material(c *connection.Connection) vault.Material {
	value, err := s.secrets.Get(s.ctx, c.Credential.At)
	if err != nil {
		s.rt.Fatalf("the credential of %s is lost: %v", c.ID, err)
	}
	m, err := vault.DecodeMaterial(value)
	if err != nil {
		s.rt.Fatalf("the credential of %s is lost: %v", c.ID, err)
	}
	return m
}

// newest checks that the provider's newest refresh token is with us, unless it
// is on record that it may not be (I1), and that it is of the grant served.
func (s *system) newest(c *connection.Connection) {
	g := s.grantOf(c)
	held := s.held(c)
	t := s.provider.refresh[held.Reveal()]
	if t == nil || t.of != g || g.connection != c.ID {
		s.rt.Fatalf("%s serves one grant and would refresh another", c.ID)
	}
	if g.revoked {
		s.rt.Fatalf("%s serves a grant that we had revoked", c.ID)
	}
	open := c.Refresh.Intent != nil || len(c.Refresh.Answer) > 0
	if t != g.newest && !open && !flagged(c) {
		s.rt.Fatalf("I1: %s holds %s, the newest is %s, and nothing tells", c.ID, t.value, g.newest.value)
	}
}

// held is the refresh token that the next refresh would send.
func (s *system) held(c *connection.Connection) secret.Bytes {
	if len(c.Refresh.Token) == 0 {
		return s.material(c).RefreshToken
	}
	place := vault.Place{Tenant: c.Tenant, Resource: c.ID, Purpose: vault.PurposeRefresh, Version: c.Refresh.TokenEpoch}
	held, err := s.eye.Open(s.ctx, place, c.Refresh.Token)
	if err != nil {
		s.rt.Fatalf("the refresh token of %s is lost: %v", c.ID, err)
	}
	return held
}

// spare checks that a repeated use of a refresh token, which may end its grant,
// is made late: once shortly before the access token of the grant ends, and more
// often only when that is as good as dead.
func (s *system) spare(t *token) {
	c, there := s.get(t.of.connection)
	if s.provider.reuse != strict || t.unsure == 0 || !there || c.Credential == nil || s.grantOf(&c) != t.of {
		return
	}
	limit := lateTime
	if t.unsure > 1 {
		limit = leastUseful
	}
	if left := c.Credential.ExpiresAt.Sub(s.now); left > limit {
		s.rt.Fatalf("I2: %s risked a grant that serves for another %s", c.ID, left)
	}
}

const (
	leastUseful = 6 * time.Second // From when on a token is as good as dead.
	lateTime    = 2*time.Minute + time.Second
)

// needed checks that no refresh is asked for where one was just made.
func (s *system) needed(t *token) {
	c, there := s.get(t.of.connection)
	if !there || c.Credential == nil || s.grantOf(&c) != t.of || !c.Due.Refresh.After(s.now) {
		return
	}
	if c.Fresh(s.now, 55*time.Minute) && s.provider.accepts(s.served(&c).AccessToken.Reveal()) {
		s.rt.Fatalf("I2: %s was refreshed again, with %s left", c.ID, c.Credential.ExpiresAt.Sub(s.now))
	}
}

// accepted checks that a lease is good, unless the provider ended the grant on
// its own, or over an answer that was lost.
func (s *system) accepted(id string, l vault.Leasable) {
	c, there := s.get(id)
	if !there || c.Lifecycle != connection.Ready {
		return // It was taken away while the lease was made.
	}
	if key := l.Headers["X-Api-Key"].Reveal(); key != "" {
		if _, issued := s.provider.keys[key]; !issued {
			s.rt.Fatalf("%s leased a key that was never issued", id)
		}
		return
	}
	access := l.AccessToken.Reveal()
	t := s.provider.access[access]
	switch {
	case t == nil:
		s.rt.Fatalf("%s leased a token that was never issued", id)
	case !t.expires.After(s.now):
		s.rt.Fatalf("%s leased a token that expired %s before", id, s.now.Sub(t.expires).Round(time.Second))
	case t.of.dead && !t.of.forgotten && !t.of.lost:
		s.rt.Fatalf("%s leased a token that the provider does not accept", id)
	case t.of.connection != "" && t.of.connection != id, strings.Contains(access, "refresh"):
		s.rt.Fatalf("%s leased a token of %s", id, t.of.connection)
	}
}
