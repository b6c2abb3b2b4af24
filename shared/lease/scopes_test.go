package lease_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
)

// A refresh that says it grants less than the connector can work with is told at
// once, and so is one that grants it again.
func TestRefreshThatNarrowsTheGrant(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		oauth := *r.target.Scheme.OAuth
		oauth.Scopes = []catalog.Scope{{Name: "read", Required: true}, {Name: "write"}}
		r.target.Scheme.OAuth = &oauth
		r.change(t, func(c *connection.Connection) {
			c.RequestedScopes = []string{"read", "write"}
			c.Grant([]string{"read", "write"}, false, r.target.Scheme)
		})
		for _, step := range []struct{ said, status, missing string }{
			{"", "active", ""}, {"write", "degraded", "read"}, {"", "degraded", "read"}, {"read", "active", ""},
		} {
			r.provider.Extra = nil
			if step.said != "" {
				r.provider.Extra = map[string]any{"scope": step.said}
			}
			r.expire()
			r.token(t)
			c := r.record(t)
			status := connection.StatusOf(&c, r.Now())
			if status.Name != step.status || strings.Join(c.MissingScopes, " ") != step.missing || len(c.RequestedScopes) != 2 {
				t.Errorf("after %q: status %s, missing %v, requested %v; want %s, %s", step.said, status.Name, c.MissingScopes, c.RequestedScopes, step.status, step.missing)
			}
		}
	})
}
