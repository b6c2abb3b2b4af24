package chaos_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// examine repeats the request of a strike and looks at what came of both.
func (c *changes) examine(t *testing.T, s *strike) {
	if !s.reached {
		t.Errorf("%s: the call was not made", s)
	}
	if o := s.answer(); s.how != kill && !slices.Contains(permitted, o.status) {
		t.Errorf("%s: answered %d %v", s, o.status, o.err)
	}
	switch s.operation {
	case routes.ConnectionCreate.Name:
		c.created(t, s)
	case routes.CredentialPut.Name:
		c.replaced(t, s)
	case routes.ConnectionDelete.Name:
		c.deleted(t, s)
	}
}

// created repeats a creation: there is one connection, with its credential.
func (c *changes) created(t *testing.T, s *strike) {
	o := c.request(t.Context(), s, c.ann)
	if o.status != http.StatusOK {
		t.Errorf("%s: repeated: %d %v", s, o.status, o.err)
		return
	}
	s.connection = o.made
	c.serves(t, s, firstKey)
	secrets := c.e.custody.secrets(t, s.connection)
	c.e.invariants.check(t, i9, len(secrets) == 1, "%s: %d secrets, want 1", s, len(secrets))
	c.recorded(t, s, "connection.create", 1)
}

// replaced finds one of the credentials in service, repeats the replacement,
// and finds the new one alone. A version that a dead request wrote may be kept
// until the next replacement; it holds what was to be the credential.
func (c *changes) replaced(t *testing.T, s *strike) {
	c.serves(t, s, firstKey, secondKey)
	if o := c.request(t.Context(), s, c.ann); o.status != http.StatusOK {
		t.Errorf("%s: repeated: %d %v", s, o.status, o.err)
		return
	}
	c.serves(t, s, secondKey)
	for _, found := range c.e.custody.secrets(t, s.connection) {
		for _, version := range found.versions {
			if value := c.e.custody.value(t, found.name, version); !strings.Contains(value, secondKey) || strings.Contains(value, firstKey) {
				t.Errorf("%s: the secret store keeps the credential that was replaced", s)
			}
		}
	}
	c.recorded(t, s, "connection.credential.put", 1)
}

// deleted repeats a deletion: nothing is left.
func (c *changes) deleted(t *testing.T, s *strike) {
	if o := c.request(t.Context(), s, c.ann); o.status != http.StatusOK && o.code != fault.CodeNotFound {
		t.Errorf("%s: repeated: %d %v", s, o.status, o.err)
	}
	if o := ask(t.Context(), c.ann, s.connection); o.code != fault.CodeNotFound {
		t.Errorf("%s: a lease of what is deleted: %d %v", s, o.status, o.err)
	}
	c.e.gone(t, s.connection, "", "", s)
	c.recorded(t, s, "connection.delete", 1)
}

// recorded wants a record of the request that was struck, if it came so far, and
// one of the request that repeated it, if there was still something to do.
func (c *changes) recorded(t *testing.T, s *strike, action string, atLeast int) {
	in := api.AuditList{Page: api.Page{Limit: 100}, AuditFilter: api.AuditFilter{Action: action, Resource: s.connection}}
	found, err := client.Call(t.Context(), c.ann.client, routes.AuditList, in)
	if err != nil {
		t.Errorf("%s: %v", s, err)
		return
	}
	allowed := 0
	for _, entry := range found.Items {
		if entry.Outcome == "allowed" {
			allowed++
		}
	}
	c.e.invariants.check(t, i6, allowed >= atLeast && allowed <= 3, "%s: %d records of %s", s, allowed, action)
}

// serves leases the credential, which must be one of those.
func (c *changes) serves(t *testing.T, s *strike, keys ...string) {
	o := ask(t.Context(), c.ann, s.connection)
	if o.status != http.StatusOK || !slices.Contains(keys, o.lease.Headers["X-Api-Key"]) {
		t.Errorf("%s: a lease: %d %v, or another key than %v", s, o.status, o.err, keys)
	}
}

// nothingLeft deletes every connection; then the template is unused and the
// secret store empty.
func (c *changes) nothingLeft(t *testing.T) {
	t.Helper()
	names := map[string]int{}
	for {
		listed := must(t, c.ann, routes.ConnectionList, api.ConnectionList{})
		for _, found := range listed.Items {
			names[found.Name]++
			must(t, c.ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: found.ID})
		}
		if len(listed.Items) == 0 {
			break
		}
	}
	for name, count := range names {
		if count != 1 {
			t.Errorf("%d connections are called %q", count, name)
		}
	}
	left := c.e.custody.secrets(t, "con_")
	c.e.invariants.check(t, i7, len(left) == 0, "%d secrets of no connection are left", len(left))
	organization := c.e.actor(t, auth.Organization)
	if _, err := client.Call(t.Context(), organization.client, routes.TemplateDelete, api.TemplateChange{TemplateID: c.template.ID}); err != nil {
		t.Errorf("delete the template that no connection uses: %v", err)
	}
}
