package templatetests_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/routes"
)

// TestISO07SessionReachesOneTenant: a session for one tenant that asks for what is
// another's, by a mistake in our code, is refused by AWS, whatever it asks and
// whichever function it is of. So is a session that is for nobody.
func TestISO07SessionReachesOneTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	allowed := 0
	for _, own := range w.calls() {
		other := own.replaced("t1", "t2")
		if other.resource == own.resource && !differs(own, other) {
			continue // Nothing in it says whose it is.
		}
		for id := range w.roles {
			if !isSession(id) {
				continue
			}
			if w.decide(id, ofTenantOne, own.action, own.resource, own.context).Allowed {
				allowed++
			}
			if w.decide(id, ofTenantOne, other.action, other.resource, other.context).Allowed {
				t.Errorf("%s for t1 may %s on %s when %v", id, other.action, other.resource, other.context)
			}
			if w.decide(id, nil, own.action, own.resource, own.context).Allowed {
				t.Errorf("%s for nobody may %s on %s when %v", id, own.action, own.resource, own.context)
			}
		}
	}
	if allowed < 200 {
		t.Errorf("sessions may do %d things with their own tenant's", allowed)
	}
}

// TestISO07MixedKeys: one key of another tenant among others is enough to refuse,
// and a tenant whose name begins like another's is another one.
func TestISO07MixedKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	table := w.names.arn("Table")
	for _, keys := range [][]string{{"t1#connection", "t2#connection"}, {"t11#connection"}, {"t1-eu#connection"}, {"t11"}, {"tenants"}, {}} {
		for _, c := range on(table, conditions{"dynamodb:LeadingKeys": keys}, "dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem") {
			for _, id := range w.may(c) {
				if isSession(id) {
					t.Errorf("%s for t1 may %s when the keys are %v", id, c.action, keys)
				}
			}
		}
	}
}

// TestISO07OrganizationsOwn: a tenant's session reads what the organization shares,
// and changes none of what is the organization's alone.
func TestISO07OrganizationsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	table := w.names.arn("Table")
	for _, kind := range []string{"connector", "egress", "flow", "idempotency", "kill-switch", "signing-key", "sweep", "webhook-endpoint"} {
		for _, c := range on(table, conditions{"dynamodb:LeadingKeys": {"org#" + kind}}, "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem") {
			for _, id := range w.may(c) {
				if isSession(id) {
					t.Errorf("%s for t1 may %s in %s of the organization", id, c.action, kind)
				}
			}
		}
	}
}

// TestISO07OnlyByTheSession: the functions that serve one tenant at a time reach no
// data but by such a session, and nobody else takes on their roles.
func TestISO07OnlyByTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tagged := conditions{"aws:RequestTag/tenon:tenant": {"t1"}, "aws:TagKeys": {"tenon:tenant"}}
	for _, r := range routes.All() {
		own, session := logical(r.Name)+"Role", logical(r.Name)+"TenantRole"
		if _, exists := w.roles[session]; !exists {
			continue
		}
		for _, c := range w.calls() {
			if concernsTenants(c) && w.decide(own, ofTenantOne, c.action, c.resource, c.context).Allowed {
				t.Errorf("%s may %s on %s", own, c.action, c.resource)
			}
		}
		assume := call{"sts:AssumeRole", w.names.arn(session), tagged}
		if may := w.may(assume); len(may) != 1 || may[0] != own {
			t.Errorf("%s is taken on by %v", session, may)
		}
		for why, context := range map[string]conditions{
			"without a tag":          nil,
			"with another tag, too":  {"aws:RequestTag/tenon:tenant": {"t1"}, "aws:RequestTag/x": {"y"}, "aws:TagKeys": {"tenon:tenant", "x"}},
			"with an empty tag":      {"aws:RequestTag/tenon:tenant": {""}, "aws:TagKeys": {"tenon:tenant"}},
			"with only another tag":  {"aws:RequestTag/x": {"y"}, "aws:TagKeys": {"x"}},
			"with tags of no tenant": {"aws:TagKeys": {"tenon:tenant"}},
		} {
			w.nobodyMay(t, why, call{assume.action, assume.resource, context})
		}
	}
}

// concernsTenants reports whether a call is on what tenants have.
func concernsTenants(c call) bool {
	return strings.HasPrefix(c.action, "dynamodb:") || c.resource == tenantKey || c.resource == tenantName || c.resource == secret
}

// differs reports whether the conditions of two calls do.
func differs(a, b call) bool {
	for key, values := range a.context {
		for i := range values {
			if values[i] != b.context[key][i] {
				return true
			}
		}
	}
	return false
}
