package inheritance_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
)

// A credential that was imported and not used yet takes the change over too: there
// is no hot copy to make anew, and no reason to look again.
func TestAHeldCredentialHasTheChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("person", map[string]string{"host": "api.desk.com"})
	c := r.connect(made, "acme", 1, nil)
	r.set(c, func(c *connection.Connection) { c.Lease = nil })
	r.change(made, map[string]string{"host": "api.desk.com", "version": "v2"})
	must(t, r.walk(made))
	if got := r.get(c); got.TemplateRevision != 2 || got.BaseURL != "https://api.desk.com/v2" || len(got.Lease) > 0 {
		t.Errorf("revision %d at %s, a hot copy of %d bytes", got.TemplateRevision, got.BaseURL, len(got.Lease))
	}
}
