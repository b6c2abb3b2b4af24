package template_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

var clientRefused = method.ClientRefused

// minted is a connection whose token ends after left.
func (w *world) minted(made template.Template, by int, left time.Duration) connection.Connection {
	c := of(made)
	c.Connector, c.Lease = "demo-crm", []byte("sealed")
	c.Credential = &connection.Credential{MintedBy: by, ExpiresAt: w.now.Add(left)}
	return c
}

// A thousand refusals are one incident and one event; an accepted answer ends it.
func TestRefusedClientIsOneIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	c := w.minted(made, 1, 0)
	for range 20 {
		w.Heard(t.Context(), c, 1, errors.Join(clientRefused, errBusy))
	}
	got := w.stored(made)
	if told := w.bus.Events(); len(told) != 1 || !id.Valid(id.Event, told[0].ID) || got.Untold != "" {
		t.Fatalf("told %v, untold %q; want one event with an id", told, got.Untold)
	}
	want := []notify.Event{{
		ID: w.bus.Events()[0].ID, Type: "template.client_refused", Tenant: "org", Resource: made.ID, At: got.RefusedAt,
		Detail: map[string]string{"connector": "demo-crm", "reason": "client_refused"},
	}}
	if diff := cmp.Diff(want, w.bus.Events()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if got.Version != made.Version+3 || got.Revision != made.Revision || got.RefusedAt.IsZero() {
		t.Errorf("version %d, revision %d, refused at %s", got.Version, got.Revision, got.RefusedAt)
	}
	if shown := w.API(t.Context(), got).Incident; shown == nil || shown.Code != "client_refused" || !shown.Since.Equal(got.RefusedAt) || shown.Remedy != "contact_admin" {
		t.Errorf("incident %+v", shown)
	}
	w.now = w.now.Add(time.Hour)
	w.Heard(t.Context(), c, 1, clientRefused)
	if again := w.stored(made); !again.RefusedAt.Equal(got.RefusedAt) || !again.RefusedLast.After(got.RefusedLast.Add(time.Hour)) || len(w.bus.Events()) != 1 {
		t.Errorf("refused since %s, last at %s, events %v", again.RefusedAt, again.RefusedLast, w.bus.Types())
	}
	for range 3 {
		w.Heard(t.Context(), c, 1, nil)
	}
	if got := w.stored(made); !got.RefusedAt.IsZero() || !got.RefusedLast.IsZero() || got.Version != made.Version+5 || w.API(t.Context(), got).Incident != nil {
		t.Errorf("afterwards %+v", got)
	}
	w.Heard(t.Context(), c, 1, clientRefused)
	if got := len(w.bus.Events()); got != 2 {
		t.Errorf("events of a second incident: %d", got)
	}
}

// What says nothing about a client of this template changes nothing.
func TestHeardIgnores(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	before := w.stored(made)
	w.Heard(t.Context(), of(made), 1, method.Definitive)
	w.Heard(t.Context(), of(made), 1, errBusy)
	w.Heard(t.Context(), of(made), 1, nil)
	w.Heard(t.Context(), of(w.make("org", template.Define{Connector: "demo-crm", Name: "x", Scheme: "api_key"})), 0, clientRefused) // No client of a template.
	w.Heard(t.Context(), of(made), 7, clientRefused)                                                                                // A client it has no more.
	w.Heard(t.Context(), connection.Connection{TemplateOwner: "org", TemplateID: "tpl_0"}, 1, clientRefused)
	if diff := cmp.Diff(before, w.stored(made)); diff != "" || len(w.bus.Events()) > 0 {
		t.Errorf("events %v, record (-before +after):\n%s", w.bus.Types(), diff)
	}
}

// Another client starts without the refusals of the one before, and a change of
// anything else does not forget a refusal that was noted meanwhile.
func TestRefusalBelongsToOneClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	w.before = func(op string) error {
		w.before = func(string) error { return nil }
		w.Heard(t.Context(), of(made), 1, clientRefused)
		return nil
	}
	if renamed := w.change(made, template.Change{Name: pointer("New")}); renamed.RefusedAt.IsZero() || renamed.Name != "New" {
		t.Errorf("renamed %+v", renamed)
	}
	rotated := w.change(made, rotate("client-2", secondSecret))
	if !rotated.RefusedAt.IsZero() || rotated.Previous.RefusedAt.IsZero() {
		t.Errorf("rotated %+v, %+v", rotated.Client, rotated.Previous)
	}
	w.Heard(t.Context(), of(made), 1, nil)
	w.Heard(t.Context(), of(made), 2, clientRefused)
	if got := w.stored(made); got.RefusedAt.IsZero() || !got.Previous.RefusedAt.IsZero() {
		t.Errorf("noted %+v, %+v", got.Client, got.Previous)
	}
	if got := w.change(made, template.Change{ClientSecret: pointer(secret.FromString("client-secret-0003"))}); !got.RefusedAt.IsZero() {
		t.Errorf("a changed client is refused since %s", got.RefusedAt)
	}
}

// Which client speaks for which connection while a rotation is under way.
func TestResolveDuringARotation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id       string // Of the new client; empty for the same.
		refused  []int  // Clients, by key.
		mintedBy int
		later    time.Duration // Since the refusals.
		left     time.Duration // Of the access token.
		want     int           // Key of the client for what the connection has.
		grant    int           // Key of the client for a new grant.
	}{
		"same id":                  {"", nil, 1, 0, 0, 2, 2},
		"same id, primary refused": {"", []int{2}, 1, 0, 0, 1, 1},
		"same id, minted by the primary, refused":   {"", []int{2}, 2, 0, 0, 1, 1},
		"same id, secondary refused":                {"", []int{1}, 1, 0, 0, 2, 2},
		"same id, both refused":                     {"", []int{1, 2}, 1, 0, 0, 2, 2},
		"same id, refused a while ago, token dead":  {"", []int{2}, 1, time.Hour, 0, 1, 1},
		"same id, refused a while ago, token alive": {"", []int{2}, 1, time.Hour, time.Hour, 2, 1},
		"same id, just refused, token alive":        {"", []int{2}, 1, 0, time.Hour, 1, 1},
		"other id":                                  {"client-2", nil, 1, 0, 0, 1, 2},
		"other id, minted by the primary":           {"client-2", nil, 2, 0, 0, 2, 2},
		"other id, primary refused":                 {"client-2", []int{2}, 2, 0, 0, 2, 2},
		"other id, secondary refused":               {"client-2", []int{1}, 1, 0, time.Hour, 1, 2},
		"other id, minted by nobody known":          {"client-2", nil, 0, 0, 0, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.make("org", define("crm"))
			w.change(made, rotate(test.id, secondSecret))
			for _, key := range test.refused {
				w.Heard(t.Context(), of(made), key, clientRefused)
			}
			w.now = w.now.Add(test.later)
			c := w.minted(made, test.mintedBy, test.left)
			w.speaks(made, func() (method.Target, error) { return w.Resolve(t.Context(), c) }, test.want)
			w.speaks(made, func() (method.Target, error) { return w.ResolveGrant(t.Context(), c) }, test.grant)
		})
	}
}

// speaks checks the client of a target whole: key, id and secret.
func (w *world) speaks(made template.Template, resolve func() (method.Target, error), key int) {
	w.t.Helper()
	target, err := resolve()
	must(w.t, err)
	now := w.stored(made)
	want, clientSecret := now.Client, secondSecret
	if key == 1 {
		want, clientSecret = *now.Previous, firstSecret
	}
	if target.ClientKey != key || target.ClientID != want.ClientID || target.ClientSecret.Reveal() != clientSecret {
		w.t.Errorf("client %d (%s), want %d", target.ClientKey, target.ClientID, key)
	}
}

// A client credentials token is a grant of its own: it moves to the new client
// at once, whoever minted the last one.
func TestResolveOfClientCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := define("crm")
	d.Scheme = "oauth2_client_credentials"
	made := w.make("org", d)
	w.change(made, rotate("client-2", secondSecret))
	c := w.minted(made, 1, 0)
	c.SchemeType = "oauth2_client_credentials"
	w.speaks(made, func() (method.Target, error) { return w.Resolve(t.Context(), c) }, 2)
}

// After a rotation everything is the primary's, whoever minted it.
func TestResolveAfterARotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	w.change(made, rotate("client-2", secondSecret))
	w.change(made, template.Change{DropPrevious: true})
	for key := range 3 {
		c := w.minted(made, key, 0)
		w.speaks(made, func() (method.Target, error) { return w.Resolve(t.Context(), c) }, 2)
	}
	w.change(made, rotate("client-3", "client-secret-0003"))
	target, err := w.Resolve(t.Context(), w.minted(made, 1, 0))
	if err != nil || target.ClientKey != 2 {
		t.Errorf("what the oldest client minted is spoken for by %d, %v; want the secondary, its heir", target.ClientKey, err)
	}
}

// The owner sees both clients and counts; every other tenant sees the primary.
func TestDetailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	w.change(made, rotate("client-2", secondSecret))
	w.used(made, 1, 1, 2, 0)
	w.Heard(t.Context(), of(made), 1, clientRefused)
	stored := w.stored(made)

	shown, err := w.Detailed(t.Context(), caller("org"), stored)
	must(t, err)
	var got []string
	for _, c := range shown.Clients {
		got = append(got, c.Role+" "+c.ClientID+" "+c.Last4+" "+c.SetBy)
	}
	if diff := cmp.Diff([]string{"primary client-2 0002 org/ann", "secondary client-1 0001 org/ann"}, got); diff != "" {
		t.Fatalf("clients (-want +got):\n%s", diff)
	}
	primary, secondary := shown.Clients[0], shown.Clients[1]
	if primary.Connections != 1 || secondary.Connections != 2 || primary.RefusedAt != nil || secondary.RefusedAt == nil || shown.Incident == nil {
		t.Errorf("clients %+v, incident %+v", shown.Clients, shown.Incident)
	}

	shown, err = w.Detailed(t.Context(), caller("acme"), stored)
	must(t, err)
	if len(shown.Clients) > 0 || shown.Incident != nil || shown.ClientID != "client-2" {
		t.Errorf("another tenant sees %+v, %+v", shown.Clients, shown.Incident)
	}
	if listed := w.API(t.Context(), stored); len(listed.Clients) > 0 {
		t.Errorf("a list shows %+v", listed.Clients)
	}
}
