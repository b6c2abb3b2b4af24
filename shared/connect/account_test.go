package connect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
)

func TestOnlyAccountIsChosenByItself(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north)
	w.at(w.connected(made).ID, north)
}

func TestAccountOfSeveralHasToBeChosen(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	c := w.undecided(made)
	if s := connection.StatusOf(&c, w.Now()); s.Remedy != "fix_input" || c.API(w.Now()).Connected || !c.Due.Health.IsZero() || c.Due.Refresh.IsZero() {
		t.Errorf("remedy %s, connected %t, due %+v", s.Remedy, c.API(w.Now()).Connected, c.Due)
	}
	if hosts := slices.Compact(w.provider.visited); !slices.Equal(hosts, []string{"api.sites.example.com"}) {
		t.Errorf("asked %v before there was a choice", hosts)
	}
	listed, err := w.Accounts(t.Context(), w.caller, c.ID)
	must(t, err)
	names := []string{}
	for _, a := range listed.API().Items {
		names = append(names, a.ID+" "+a.Name+" "+a.Kind+" "+a.URL)
		if a.Selected {
			t.Errorf("%s is selected", a.ID)
		}
	}
	want := []string{north + " The site-north SITE https://site-north.example.com", south + " The site-south SITE https://site-south.example.com"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	chosen, err := w.choose(c, south, false)
	must(t, err)
	w.at(c.ID, south)
	must(t, w.leases(c.ID))
	if chosen.Revision != c.Revision+1 || chosen.Due.Health.IsZero() {
		t.Errorf("revision %d after %d, next check %v", chosen.Revision, c.Revision, chosen.Due.Health)
	}
	events := w.bus.Events()
	if last := events[len(events)-1]; last.Type != notify.ConnectionAccount || last.Detail["previous"] != "none" || len(last.Detail) != 2 {
		t.Errorf("told last %+v", last)
	}
	if listed, err := w.Accounts(t.Context(), w.caller, c.ID); err != nil || listed.Selected != south {
		t.Errorf("selected %q, %v", listed.Selected, err)
	}
}

func TestWantedAccount(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	w.at(w.chosen(made, south).ID, south)

	c := w.pending(made)
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID, Account: "site-foreign"}))
	refused(t, err, fault.CodeAccountMismatch)
	if w.get(c.ID).Credential != nil || len(w.provider.forgotten()) == 0 {
		t.Error("what was refused is kept, or was not revoked")
	}
	_, err = w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: w.pending(w.demo("oauth2_authorization_code")).ID, Account: south})
	refused(t, err, fault.CodeValidationFailed)
}

func TestNoAccountIsNoConnection(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t)
	c := w.pending(made)
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	refused(t, err, fault.CodeVerificationFailed)
	w.lists(north)
	w.provider.status["sites"] = 403
	_, err = w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	refused(t, err, fault.CodeVerificationFailed)
	if w.get(c.ID).Credential != nil {
		t.Error("there is a credential")
	}
}

func TestAccountOfAKey(t *testing.T) {
	t.Parallel()
	w, _ := siteWorld(t, north, south)
	made := w.template("test-sites", "api_key", nil)
	w.provider.keys["key-"+mark] = "bob"
	n := connect.New{TemplateID: made.ID, Name: "Sites", Credential: siteKey("key-" + mark)}
	c, err := w.Create(t.Context(), w.caller, n)
	must(t, err)
	if got := w.status(c.ID); got != "degraded/account_required" {
		t.Fatalf("status %s", got)
	}
	_, err = w.choose(c, north, false)
	must(t, err)
	w.at(c.ID, north)
	if w.hotCopy(c.ID).Headers["X-Api-Key"].Reveal() != "key-"+mark {
		t.Error("another key is handed out")
	}
	n.Account = south
	other, err := w.Create(t.Context(), w.caller, n)
	must(t, err)
	w.at(other.ID, south)
	w.provider.keys["next-"+mark] = "bob"
	_, err = w.PutCredential(t.Context(), w.caller, other.ID, "*", siteKey("next-"+mark))
	must(t, err)
	w.at(other.ID, south) // A replaced key keeps the choice.
	n.Account = "site-foreign"
	_, err = w.Create(t.Context(), w.caller, n)
	refused(t, err, fault.CodeAccountMismatch)
}

// What a system lists is believed as a whole or not at all, and never leads to a
// host that is not its own.
func TestHostileLists(t *testing.T) {
	t.Parallel()
	many := make([]any, 501)
	for i := range many {
		many[i] = map[string]any{"id": north, "host": "https://n.sites.example.com"}
	}
	with := func(name string, value any) map[string]any {
		s := site(south)
		s[name] = value
		return map[string]any{"sites": []any{site(north), s}}
	}
	for name, list := range map[string]map[string]any{
		"too many":              {"sites": many},
		"no list":               {"sites": map[string]any{"0": site(north)}},
		"nothing":               {},
		"an id that is a list":  with("id", []string{north}),
		"an id that is true":    with("id", true),
		"an empty id":           with("id", ""),
		"an id of two lines":    with("id", "site\r\nX-Evil: 1"),
		"an endless id":         with("id", strings.Repeat("x", 300)),
		"a host of another":     with("host", "https://evil.example"),
		"a host that looks so":  with("host", "https://sites.example.com.evil.example"),
		"a host with a user":    with("host", "https://x.sites.example.com@evil.example"),
		"an address":            with("host", "https://169.254.169.254"),
		"a host without TLS":    with("host", "http://south.sites.example.com"),
		"one id at two hosts":   {"sites": []any{site(north), map[string]any{"id": north, "name": "x", "host": "https://x.sites.example.com"}}},
		"an id that is a climb": with("id", ".."),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, made := siteWorld(t, north)
			connected := w.connected(made)
			w.answersList(list)
			c := w.pending(made)
			_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
			refused(t, err, fault.CodeProviderError)
			if w.get(c.ID).Credential != nil {
				t.Error("it is connected")
			}
			_, err = w.choose(connected, south, true)
			refused(t, err, fault.CodeProviderError)
			w.at(connected.ID, north)
		})
	}
}

// Names are for people: one that cannot be shown is left out, and an account that
// is listed twice is one.
func TestListedAccountsAreShownSafely(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north)
	odd := site(south)
	odd["name"], odd["url"], odd["kind"] = "a\r\nb", "javascript:alert(1)", 7
	w.answersList(map[string]any{"sites": []any{site(north), odd, site(north)}})
	listed, err := w.Accounts(t.Context(), w.caller, w.undecided(made).ID)
	must(t, err)
	if len(listed.Accounts) != 2 {
		t.Fatalf("%d accounts", len(listed.Accounts))
	}
	if a := listed.Accounts[1]; a.ID != south || a.Name != "" || a.URL != "" || a.Kind != "7" {
		t.Errorf("got %+v", a)
	}
}

func TestAccountsOfAnotherTenant(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	c := w.chosen(made, north)
	stranger := caller("globex", "eve")
	_, err := w.Accounts(t.Context(), stranger, c.ID)
	refused(t, err, fault.CodeNotFound)
	_, err = w.Choose(t.Context(), stranger, connect.Choice{ConnectionID: c.ID, IfMatch: "*", AccountID: south, AllowAccountChange: true})
	refused(t, err, fault.CodeNotFound)
	w.at(c.ID, north)
}
