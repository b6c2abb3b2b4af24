package delivery_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
)

type connectors map[string]string

func (c connectors) Find(_ context.Context, id string) (catalog.Connector, error) {
	return catalog.Connector{ID: id, Name: c[id]}, nil
}

// A mail names what lapses as people know it, and is dropped when that is gone.
func TestMailNamesWhatLapses(t *testing.T) {
	t.Parallel()
	for resource, test := range map[string]struct{ kind, name string }{
		"con_1":    {"credential", "Sales of acme"},
		"tpl_1":    {"client_secret", "CRM for partners"},
		"sgk_1":    {"signing_key", "ES256"},
		"crm":      {"sunset", "The CRM"},
		"tpl_gone": {"client_secret", ""}, "tpl_deleting": {"client_secret", ""}, "tpl_globex": {"client_secret", ""},
		"sgk_gone": {"signing_key", ""}, "sgk_retired": {"signing_key", ""},
	} {
		w, templates, keys := newWorld(t), templatetest.NewMemory(), signingtest.NewMemory()
		w.Templates, w.SigningKeys, w.Connectors = templates, keys, connectors{"crm": "The CRM"}
		for _, x := range []template.Template{
			{Owner: "acme", ID: "tpl_1", Name: "CRM for partners", StableKey: "a"}, {Owner: "acme", ID: "tpl_deleting", Deleting: true, StableKey: "b"},
			{Owner: "globex", ID: "tpl_globex", Name: "Other", StableKey: "c"},
		} {
			must(t, templates.Create(t.Context(), x))
		}
		must(t, keys.Create(t.Context(), signing.Key{Tenant: "acme", ID: "sgk_1", Algorithm: "ES256", State: signing.Active}))
		must(t, keys.Create(t.Context(), signing.Key{Tenant: "acme", ID: "sgk_retired", Algorithm: "ES256", State: signing.Retired}))
		w.tell(notify.Event{ID: "evt_1", Type: notify.ExpirationDue, Tenant: "acme", Resource: resource, At: start, Detail: map[string]string{
			"kind": test.kind, "renewal": "person", "lapsesAt": "2026-12-04T09:00:00Z", "daysBefore": "14",
		}})
		mails := w.mailer.Mails()
		if test.name == "" {
			if d := w.store.All("acme")[0]; len(mails) != 0 || d.State != delivery.Dropped {
				t.Errorf("%s: got %d mails, %s", resource, len(mails), d.State)
			}
			continue
		}
		if len(mails) != 1 || !strings.Contains(mails[0].Subject, test.name) {
			t.Errorf("%s: got %+v", resource, mails)
		}
	}
}
