package session_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

const typed = "rk_test_fake_acme_canary_0099"

// What was typed and refused is neither shown again nor kept, and nothing is left
// of the connection that was not made.
func TestRefusedKeyIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Stripe}})
	j := w.browser()
	page := j.must(link.URL.Reveal())
	if !strings.Contains(page.HTML, `<input type="password" value="" id="in-credential.apiKey" name="credential.apiKey" required`) {
		t.Errorf("got\n%s", page.HTML)
	}
	connections, secrets := w.connections(), len(w.Secrets.Names())
	w.Provider.Refuse("api.stripe.com")
	again, err := j.submit(page, map[string]string{"name": "My <b>shop</b>", "credential.apiKey": typed})
	if err != nil || again.Status != 422 {
		t.Fatalf("got %d, %v", again.Status, err)
	}
	if !strings.Contains(again.HTML, "My &lt;b&gt;shop&lt;/b&gt;") || strings.Contains(again.HTML, typed) {
		t.Errorf("got\n%s", again.HTML)
	}
	v := w.stored(link)
	if v.State != session.Failed || v.Problem != fault.CodeVerificationFailed || strings.Contains(fmt.Sprintf("%+v", v), typed) {
		t.Errorf("got %+v", v)
	}
	if w.connections() != connections || len(w.Secrets.Names()) != secrets {
		t.Error("something is left of the connection")
	}
	w.Provider.Refuse("")
	done, err := j.submit(again, map[string]string{"name": "Shop", "credential.apiKey": typed})
	if err != nil || !strings.Contains(done.HTML, "The account is connected.") || strings.Contains(done.HTML, typed) {
		t.Errorf("got %v with\n%s", err, done.HTML)
	}
	if got := w.wantState(link.Session.ID, "completed"); got.ConnectionStatus != "active" || w.connections() != connections+1 {
		t.Errorf("got %+v and %d connections, want one more than %d", got, w.connections(), connections)
	}
}

func TestWhatIsMissingIsSaidWhereItIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Stripe, functionstest.Salesforce}})
	j := w.browser()
	stripe := j.must(link.URL.Reveal() + "&template=" + functionstest.Stripe)
	for name, test := range map[string]struct {
		entered map[string]string
		want    string
	}{
		"no key":                         {map[string]string{"name": "Mine"}, "Is needed."},
		"a file where none is asked for": {map[string]string{"name": "Mine", "credential.apiKey.file": typed}, "Is needed."},
		"no name":                        {map[string]string{"name": " ", "credential.apiKey": typed}, "Must have 1 to 120 characters."},
		"a long name":                    {map[string]string{"name": strings.Repeat("ü", 121), "credential.apiKey": typed}, "Must have 1 to 120 characters."},
	} {
		page, err := j.submit(stripe, test.entered)
		if err != nil || page.Status != 422 || !strings.Contains(page.HTML, `-wrong">`+test.want+`</strong>`) || !strings.Contains(page.HTML, `aria-invalid="true"`) || strings.Contains(page.HTML, typed) {
			t.Errorf("%s: got %d, %v with\n%s", name, page.Status, err, page.HTML)
		}
	}
	page, err := j.submit(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), map[string]string{"name": "Mine", "input.host": "evil.example"})
	if err != nil || page.Status != 422 || !strings.Contains(page.HTML, `value="evil.example"`) {
		t.Errorf("a host that is none: got %d, %v with\n%s", page.Status, err, page.HTML)
	}
}

// Tries leave one connection, whatever they were made with.
func TestTriesLeaveOneConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{})
	before := w.connections()
	j := w.browser()
	page := j.must(link.URL.Reveal() + "&template=" + functionstest.Salesforce)
	for _, name := range []string{"Mine", "Mine", "Ours", "Ours", "Mine"} {
		entered := salesforce()
		entered["name"] = name
		j.leave(page, entered)
		if got := w.connections(); got != before+1 {
			t.Fatalf("%s: got %d connections, want %d", name, got, before+1)
		}
	}
	if c := w.Connection(functionstest.Acme, w.state(link.Session.ID).ConnectionID); c.Name != "Mine" || c.Lifecycle != connection.Pending {
		t.Errorf("got %+v", c)
	}
}

func (w *world) stored(link session.Link) session.Session {
	w.t.Helper()
	v, err := w.Store.Get(w.t.Context(), link.Session.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// connections counts those of Acme.
func (w *world) connections() int {
	w.t.Helper()
	list, _, err := w.Connects.Connections.List(w.t.Context(), functionstest.Acme, connection.Filter{}, "", 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(list)
}

// The process dies when the session is stored and its key is not finished: the
// request that is repeated gets the session.
func TestCreationThatDiedIsRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := session.New{Key: "k", Fingerprint: "f", EndUser: "user-42", Completion: session.Browser}
	create := func() (session.Link, error) {
		return w.Create(t.Context(), functionstest.Person(functionstest.Acme), n)
	}
	whole := w.Store
	w.Store = deadly{whole}
	func() {
		defer func() { _ = recover() }()
		_, err := create()
		t.Errorf("got %v, want it to die", err)
	}()
	w.Store = whole
	w.At(w.Now().Add(2 * time.Minute))
	link, err := create()
	if err != nil {
		t.Fatal(err)
	}
	w.browser().must(link.URL.Reveal())
	_, err = create()
	refused(t, err, fault.CodeConflict) // It is somebody's browser's by now.
}

// deadly is a store that the process dies after.
type deadly struct{ session.Store }

func (d deadly) Create(ctx context.Context, v session.Session) error {
	if err := d.Store.Create(ctx, v); err != nil {
		return err
	}
	panic("died")
}
