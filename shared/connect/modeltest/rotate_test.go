package modeltest_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/secret"
)

// stage saves a key, which the provider may not know yet, as the pending one.
func (p *process) stage(id string) error {
	s := p.s
	before, was := s.get(id)
	key := s.provider.key(rapid.IntRange(0, 3).Draw(s.rt, "good") > 0)
	s.offered[key] = id
	c, err := p.connects.StageCredential(s.ctx, caller("acme"), id, "*", map[string]secret.Bytes{"apiKey": secret.FromString(key)})
	if err == nil && !p.dead {
		p.recorded(audit.CredentialPut, id)
		if !p.disturbed && (c.Pending == nil || s.kept[c.Pending.At.Version] != key) {
			s.rt.Fatalf("%s was staged and is not pending", id)
		}
	}
	if was && p.whole() {
		s.unchanged(before)
	}
	return err
}

// promote makes the pending key, or the previous one, current.
func (p *process) promote(id string) error {
	s := p.s
	before, was := s.get(id)
	wanted := connect.Promotion{
		ConnectionID: id, IfMatch: "*", Version: s.anyVersion(&before), Grace: rapid.SampledFrom([]time.Duration{0, 10 * time.Minute, 24 * time.Hour}).Draw(s.rt, "grace"),
	}
	c, err := p.connects.Promote(s.ctx, caller("acme"), wanted)
	if err == nil && !p.dead {
		p.recorded(audit.CredentialPromote, id)
		if !p.disturbed && wanted.Version != 0 && c.Credential.Version != wanted.Version {
			s.rt.Fatalf("version %d of %s was promoted, %d is in use", wanted.Version, id, c.Credential.Version)
		}
	}
	if err != nil && was && p.whole() {
		s.unchanged(before)
	}
	return err
}

// discard drops the pending key, or the previous one.
func (p *process) discard(id string) error {
	s := p.s
	before, was := s.get(id)
	_, err := p.connects.Discard(s.ctx, caller("acme"), id, "*", s.anyVersion(&before))
	if err == nil && !p.dead {
		p.recorded(audit.CredentialDiscard, id)
	}
	if was && p.whole() {
		s.unchanged(before)
	}
	return err
}

// anyVersion draws one of those that the record names, or zero for the pending.
func (s *system) anyVersion(c *connection.Connection) int {
	versions := []int{0, 0}
	if c.Previous != nil {
		versions = append(versions, c.Previous.Version)
	}
	if c.Credential != nil {
		versions = append(versions, c.Credential.Version)
	}
	return rapid.SampledFrom(versions).Draw(s.rt, "version")
}
