package session_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

// severalWorld is a session whose end user came back from a system that lists two
// accounts.
func severalWorld(t *testing.T, n session.New) (*world, session.Link, *jar, api.Browser) {
	w := newWorld(t)
	w.Listed()
	w.Service = w.Sessions(w.Refreshing())
	n.Templates = []string{functionstest.XeroTemplate}
	link := w.mint(n)
	j := w.browser()
	page, err := j.submit(j.must(link.URL.Reveal()), map[string]string{"name": "Books"})
	if err != nil || page.Status != 303 {
		t.Fatalf("got %d, %v with\n%s", page.Status, err, page.HTML)
	}
	provider, err := url.Parse(page.Location)
	if err != nil {
		t.Fatal(err)
	}
	end, err := j.Callback(t.Context(), connect.Answer{
		ContextID: functionstest.XeroTemplate, Query: url.Values{"code": {"fake-code-of-acme"}, "state": {provider.Query().Get("state")}},
		Cookie: func(id string) string { return j.cookies[connect.CookieName(id)] },
	})
	j.keep(end)
	if err != nil {
		t.Fatal(err)
	}
	return w, link, j, end
}

// The end user is not told to be connected before there is an account, and chooses
// it in the browser that the session is bound to.
func TestEndUserChoosesOneOfSeveralAccounts(t *testing.T) {
	t.Parallel()
	w, link, j, end := severalWorld(t, session.New{ReturnURL: functionstest.ReturnURL})
	if !strings.HasSuffix(end.Location, "/connect/"+link.Session.ID) || strings.Contains(end.HTML, "You can close this page") {
		t.Fatalf("got %s with\n%s", end.Location, end.HTML)
	}
	w.wantState(link.Session.ID, "account_required")
	w.Provider.Calls()
	page := j.must(end.Location)
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the page asked the provider: %q", calls)
	}
	_, err := w.browser().submit(page, nil)
	refused(t, err, fault.CodeSessionMismatch)
	list, err := j.submit(page, nil)
	if err != nil || !strings.Contains(list.HTML, "Acme Pty<small>"+functionstest.Organisation+"</small>") || !strings.Contains(list.HTML, "Acme Books") {
		t.Fatalf("got %v with\n%s", err, list.HTML)
	}
	again, err := j.submit(list, map[string]string{"account": `"><script>`})
	if err != nil || again.Status != 422 || strings.Contains(again.HTML, "<script>") {
		t.Errorf("an account that is none: got %d, %v with\n%s", again.Status, err, again.HTML)
	}
	done, err := j.submit(again, map[string]string{"account": functionstest.Practice})
	if want := functionstest.ReturnURL + "?outcome=completed&sessionId=" + link.Session.ID; err != nil || done.Location != want {
		t.Errorf("got %s, %v, want %s", done.Location, err, want)
	}
	got := w.wantState(link.Session.ID, "completed")
	if c := w.Connection(functionstest.Acme, got.ConnectionID); c.Account.ID != functionstest.Practice || c.AccountRequired || got.ConnectionStatus != "active" {
		t.Errorf("got %+v with account %+v", got, c.Account)
	}
	_, err = j.submit(list, map[string]string{"account": functionstest.Organisation})
	if err == nil {
		t.Error("chosen again after the end")
	}
}

// The tenant's backend chooses instead, or nobody does.
func TestAccountThatTheBackendChooses(t *testing.T) {
	t.Parallel()
	w, link, j, end := severalWorld(t, session.New{})
	page := j.must(end.Location)
	connectionID := w.state(link.Session.ID).ConnectionID
	_, err := w.Connects.Choose(t.Context(), functionstest.Person(functionstest.Acme), connect.Choice{ConnectionID: connectionID, IfMatch: "*", AccountID: functionstest.Practice})
	if err != nil {
		t.Fatal(err)
	}
	w.wantState(link.Session.ID, "completed")
	if _, err = j.submit(page, map[string]string{"account": functionstest.Organisation}); err == nil {
		t.Error("the choice was changed")
	}

	late, link, j, end := severalWorld(t, session.New{})
	page = j.must(end.Location)
	late.At(late.Now().Add(31 * time.Minute))
	_, err = j.submit(page, map[string]string{"account": functionstest.Organisation})
	refused(t, err, fault.CodeHandoffExpired)
	late.wantState(link.Session.ID, "expired")
}
