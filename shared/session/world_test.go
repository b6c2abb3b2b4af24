package session_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

// world is a stage with the connect sessions on it.
type world struct {
	*functionstest.World
	*session.Service
	t       *testing.T
	brought map[string]string // What browsers brought to the integrator, by session.
}

func newWorld(t *testing.T) *world {
	w := functionstest.New(t)
	return &world{World: w, Service: w.Sessions(w.Connect()), t: t, brought: map[string]string{}}
}

// mint mints a session of Acme for user-42 and returns its link.
func (w *world) mint(n session.New) session.Link {
	w.t.Helper()
	if n.EndUser == "" {
		n.EndUser = "user-42"
	}
	if n.Completion == "" {
		n.Completion = session.Browser
	}
	link, err := w.Create(w.t.Context(), functionstest.Person(functionstest.Acme), n)
	if err != nil {
		w.t.Fatal(err)
	}
	return link
}

// state is what the tenant's backend polls.
func (w *world) state(sessionID string) api.ConnectSession {
	w.t.Helper()
	v, err := w.Get(w.t.Context(), functionstest.Person(functionstest.Acme), sessionID)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.API(w.Now())
}

// jar is a browser: it keeps cookies, and fills in the forms of pages.
type jar struct {
	*world
	cookies  map[string]string
	language browser.Language
}

func (w *world) browser() *jar { return &jar{world: w, cookies: map[string]string{}} }

// open visits a link of a session.
func (j *jar) open(link string) (api.Browser, error) {
	j.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		j.t.Fatal(err)
	}
	sessionID := strings.TrimPrefix(u.Path, "/connect/")
	page, err := j.Page(j.t.Context(), session.Visit{
		SessionID: sessionID, Ticket: u.Query().Get("ticket"), Template: u.Query().Get("template"), Cookie: j.cookies[connect.CookieName(sessionID)], Language: j.language, Over: u.Query().Has("over"),
	})
	j.keep(page)
	return page, err
}

// must opens a link that is to be opened.
func (j *jar) must(link string) api.Browser {
	j.t.Helper()
	page, err := j.open(link)
	if err != nil {
		j.t.Fatal(err)
	}
	return page
}

var (
	action = regexp.MustCompile(`<form method="post" autocomplete="off" action="/connect/([^"]*)"`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// submit posts the form of a page.
func (j *jar) submit(page api.Browser, entered map[string]string) (api.Browser, error) {
	j.t.Helper()
	form := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(page.HTML, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	for name, value := range entered {
		form.Set(name, value)
	}
	target := action.FindStringSubmatch(page.HTML)
	if target == nil {
		j.t.Fatalf("the page has no form:\n%s", page.HTML)
	}
	answer, err := j.Submit(j.t.Context(), session.Visit{SessionID: target[1], Cookie: j.cookies[connect.CookieName(target[1])], Language: j.language}, form)
	j.keep(answer)
	return answer, err
}

// leave posts the form of a page that leads to the provider, and returns where.
func (j *jar) leave(page api.Browser, entered map[string]string) *url.URL {
	j.t.Helper()
	answer, err := j.submit(page, entered)
	if err != nil || answer.Status != 303 {
		j.t.Fatalf("got %d, %v, want the provider's page\n%s", answer.Status, err, answer.HTML)
	}
	provider, err := url.Parse(answer.Location)
	if err != nil || provider.Host != "login.salesforce.com" {
		j.t.Fatalf("got %s, %v, want the provider's page", answer.Location, err)
	}
	return provider
}

// back comes back from the provider with what it answers.
func (j *jar) back(provider *url.URL, answer url.Values) (api.Browser, error) {
	answer.Set("state", provider.Query().Get("state"))
	page, err := j.Callback(j.t.Context(), connect.Answer{
		ContextID: functionstest.Salesforce, Query: answer, Language: j.language, Cookie: func(id string) string { return j.cookies[connect.CookieName(id)] },
	})
	j.keep(page)
	return page, err
}

// consent is the answer of a provider at which somebody of the tenant agreed.
func consent(tenant string) url.Values { return url.Values{"code": {"fake-code-of-" + tenant}} }

func (j *jar) keep(page api.Browser) {
	if sessionID, uri := cameBack(page.Location); uri != "" {
		j.brought[sessionID] = uri
	}
	for _, set := range page.Cookies {
		pair, rest, _ := strings.Cut(set, ";")
		name, value, _ := strings.Cut(pair, "=")
		j.cookies[name] = value
		if strings.Contains(rest, "Max-Age=0;") {
			delete(j.cookies, name)
		}
	}
}

// salesforce is what is entered for a Salesforce connection.
func salesforce() map[string]string {
	return map[string]string{"name": "Mine", "input.host": "login.salesforce.com"}
}

func refused(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if err == nil || fault.From(err).Code != code {
		t.Errorf("got error %v, want %s", err, code)
	}
}

func (w *world) wantState(sessionID, state string) api.ConnectSession {
	w.t.Helper()
	got := w.state(sessionID)
	if got.State != state {
		w.t.Errorf("got state %+v, want %s", got, state)
	}
	return got
}
