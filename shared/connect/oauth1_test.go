package connect_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// photosConnector has a handoff, and takes a token a person gives, or both.
func photosConnector() catalog.Connector {
	handoff := catalog.OAuth1{
		RequestURL: "https://photos.example.com/request", AuthorizeURL: "https://photos.example.com/authorize", AccessURL: "https://photos.example.com/access",
		SignatureMethod: "HMAC-SHA1", Realm: "Photos",
	}
	given := catalog.OAuth1{SignatureMethod: "HMAC-SHA1", Realm: "Photos"}
	token := []catalog.Input{{Name: "token", Type: catalog.TypeSecret}, {Name: "tokenSecret", Type: catalog.TypeSecret}}
	consumer := []catalog.Input{{Name: "consumerKey", Type: catalog.TypeSecret}, {Name: "consumerSecret", Type: catalog.TypeSecret}}
	return catalog.Connector{
		ID: "photos", Name: "Photos", Hosts: []string{"photos.example.com"}, BaseURL: "https://photos.example.com",
		Verify: &catalog.Request{Method: "GET", URL: "https://photos.example.com/me?fields=a+b", Account: &catalog.AccountPath{ID: "sub"}},
		Schemes: []catalog.Scheme{
			{ID: "handoff", Type: "oauth1", OAuth1: &handoff},
			{ID: "given", Type: "oauth1", OAuth1: &given, Fields: append(consumer, token...)},
			{ID: "both", Type: "oauth1", OAuth1: &handoff, Fields: token},
		},
	}
}

// photographed is a world whose system speaks OAuth 1.0, with a template.
func photographed(t *testing.T, scheme string) (*world, *photos, template.Template) {
	w, p := newWorld(t), newPhotos()
	w.Reach.HTTP, w.stateOf = p, p.state
	w.Templates.Catalog.Added = []catalog.Connector{photosConnector()}
	d := template.Define{Connector: "photos", Name: "Photos", StableKey: "photos", Scheme: scheme, Embedded: true}
	if scheme != "given" {
		d.ClientID, d.ClientSecret = consumerKey, secret.FromString(consumerSecret)
	}
	made, err := w.Templates.Create(t.Context(), caller(auth.Organization, "bo"), d)
	must(t, err)
	return w, p, made
}

// authorized is the browser's answer after consent.
func (p *photos) authorized(j journey) connect.Answer {
	token, verifier := p.consent(j.address)
	return j.answer("oauth_token", token, "oauth_verifier", verifier)
}

// OAF-01 by OAuth 1.0: the pair is kept, and handed out with what signs.
//
// Proves oauth1: a provider in the process with a verification of its own.
func TestOAuth1HandoffConnects(t *testing.T) {
	t.Parallel()
	w, p, made := photographed(t, "handoff")
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID, ReturnURL: returnURL})
	if got := j.address.Scheme + "://" + j.address.Host + j.address.Path; got != "https://photos.example.com/authorize" || len(j.address.Query()) != 1 {
		t.Errorf("sent to %s", j.address)
	}
	if want := demoRedirect + made.ID + "?state=" + j.state; p.temporary[j.address.Query().Get("oauth_token")].callback != want || !strings.HasPrefix(j.state, j.id+".") {
		t.Errorf("the callback is not %s", want)
	}
	done, err := w.Complete(t.Context(), p.authorized(j))
	must(t, err)
	if done.Denied || w.status(c.ID) != "active" {
		t.Errorf("denied %v, %s", done.Denied, w.status(c.ID))
	}
	stored := w.get(c.ID)
	if k := stored.Credential; k.Refreshable || !k.ExpiresAt.IsZero() || stored.Account.ID != "bob" || stored.BaseURL != "https://photos.example.com" {
		t.Errorf("credential %+v of %+v", k, stored.Account)
	}
	hot := w.hotCopy(c.ID)
	issued := p.tokens[hot.Values["token"].Reveal()]
	if issued == nil || issued.sub != "bob" {
		t.Fatal("the hot copy is not bob's token")
	}
	want := map[string]string{
		"consumerKey": consumerKey, "consumerSecret": consumerSecret, "token": issued.token, "tokenSecret": issued.secret,
		"signatureMethod": "HMAC-SHA1", "realm": "Photos",
	}
	got := map[string]string{}
	for name, value := range hot.Values {
		got[name] = value.Reveal()
	}
	if diff := cmp.Diff(want, got); diff != "" || len(hot.Headers)+len(hot.Query) > 0 || !hot.AccessToken.IsZero() {
		t.Errorf("hot copy (-want +got):\n%s", diff)
	}
	if m := w.material(c.ID); len(m.Fields) != 1 || m.Fields["accessToken"].IsZero() || !m.RefreshToken.IsZero() {
		t.Error("the secret store does not hold the pair alone")
	}
	if n := p.requests("/request") + p.requests("/access"); n != 2 {
		t.Errorf("%d token requests", n)
	}
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.ConnectionConnect, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// unexchanged checks that no verifier was redeemed and nothing is connected.
func (p *photos) unexchanged(w *world, c connection.Connection) {
	w.t.Helper()
	if n := p.requests("/access"); n > 0 {
		w.t.Errorf("%d verifiers were redeemed", n)
	}
	if w.get(c.ID).Credential != nil || len(w.secretsOf("acme")) > 0 {
		w.t.Errorf("status %s, secrets %v", w.status(c.ID), w.secretsOf("acme"))
	}
}

// OAF-03, OAF-06, OAF-11, SES: an answer is for the browser, the template and
// the temporary token it was asked for with.
func TestOAuth1AnswersThatAreNotTaken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil  func(a *connect.Answer, other journey, p *photos)
		want   fault.Code
		denied bool // It is in the audit of the tenant.
	}{
		"the token of another handoff": {func(a *connect.Answer, other journey, p *photos) {
			token, verifier := p.consent(other.address)
			a.Query.Set("oauth_token", token)
			a.Query.Set("oauth_verifier", verifier)
		}, fault.CodeContextMismatch, true},
		"the token of another handoff, our verifier": {func(a *connect.Answer, other journey, _ *photos) {
			a.Query.Set("oauth_token", other.address.Query().Get("oauth_token"))
		}, fault.CodeContextMismatch, true},
		"no verifier":                  {func(a *connect.Answer, _ journey, _ *photos) { a.Query.Del("oauth_verifier") }, fault.CodeHandoffInvalid, false},
		"no token":                     {func(a *connect.Answer, _ journey, _ *photos) { a.Query.Del("oauth_token") }, fault.CodeHandoffInvalid, false},
		"a code":                       {func(a *connect.Answer, _ journey, _ *photos) { a.Query.Del("oauth_token"); a.Query.Set("code", "c0de") }, fault.CodeHandoffInvalid, false},
		"two verifiers":                {func(a *connect.Answer, _ journey, _ *photos) { a.Query.Add("oauth_verifier", "v") }, fault.CodeHandoffInvalid, false},
		"no state":                     {func(a *connect.Answer, _ journey, _ *photos) { a.Query.Del("state") }, fault.CodeHandoffInvalid, false},
		"the state of another handoff": {func(a *connect.Answer, other journey, _ *photos) { a.Query.Set("state", other.state) }, fault.CodeSessionMismatch, false},
		"another browser":              {func(a *connect.Answer, _ journey, _ *photos) { a.Cookie = func(string) string { return "" } }, fault.CodeSessionMismatch, true},
		"another template":             {func(a *connect.Answer, _ journey, _ *photos) { a.ContextID = "tpl_other" }, fault.CodeContextMismatch, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, made := photographed(t, "handoff")
			c := w.pending(made)
			other := w.travel(connect.Ask{ConnectionID: w.pending(made).ID})
			j := w.travel(connect.Ask{ConnectionID: c.ID})
			a := p.authorized(j)
			test.spoil(&a, other, p)
			_, err := w.Complete(t.Context(), a)
			refused(t, err, test.want)
			p.unexchanged(w, c)
			audited := w.outcomes(audit.ConnectionConnect, c.ID)
			if last := "denied " + string(test.want); test.denied && (len(audited) == 0 || audited[len(audited)-1] != last) {
				t.Errorf("audit %v, want %s", audited, last)
			}
		})
	}
}

// OAF-04: the answer is taken once, and so is a spoiled one.
func TestOAuth1AnswerIsTakenOnce(t *testing.T) {
	t.Parallel()
	w, p, made := photographed(t, "handoff")
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	answer := p.authorized(j)
	_, err := w.Complete(t.Context(), answer)
	must(t, err)
	_, err = w.Complete(t.Context(), answer)
	refused(t, err, fault.CodeHandoffUsed)
	if p.requests("/access") != 1 || w.get(c.ID).Credential.Version != 1 {
		t.Errorf("%d verifiers were redeemed", p.requests("/access"))
	}
	again := w.travel(connect.Ask{ConnectionID: c.ID})
	answer = p.authorized(again)
	_, err = w.Complete(t.Context(), again.answer("oauth_token", again.address.Query().Get("oauth_token")))
	refused(t, err, fault.CodeHandoffInvalid)
	_, err = w.Complete(t.Context(), answer)
	refused(t, err, fault.CodeHandoffUsed)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
}

// OAF-13, in the words that servers of OAuth 1.0 use.
func TestOAuth1Denied(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"denied", "oauth_problem", "error"} {
		w, p, made := photographed(t, "handoff")
		c := w.pending(made)
		done, err := w.Complete(t.Context(), w.travel(connect.Ask{ConnectionID: c.ID}).answer(word, "<b>"+mark))
		must(t, err)
		if !done.Denied || w.status(c.ID) != "pending/denied" {
			t.Errorf("%s: denied %v, %s", word, done.Denied, w.status(c.ID))
		}
		p.unexchanged(w, c)
	}
}

// A verifier that the system refuses connects nothing.
func TestOAuth1VerifierRefused(t *testing.T) {
	t.Parallel()
	w, p, made := photographed(t, "handoff")
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	p.consent(j.address)
	_, err := w.Complete(t.Context(), j.answer("oauth_token", j.address.Query().Get("oauth_token"), "oauth_verifier", "guessed"))
	refused(t, err, fault.CodeProviderError)
	if w.get(c.ID).Credential != nil || len(w.secretsOf("acme")) > 0 {
		t.Error("a credential was kept")
	}
}

// The page is confirmed once: when the system gave no temporary token, or nobody
// knows, the person begins again, and what went before leads nowhere.
func TestOAuth1ConfirmFails(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(w *world, p *photos){
		"the system is down":          func(_ *world, p *photos) { p.status["/request"] = 503 },
		"the system is not reached":   func(_ *world, p *photos) { p.status["/request"] = -1 },
		"the token cannot be kept":    func(w *world, _ *photos) { w.power.cutAt("handoffs.update", 2, false, false) },
		"the process dies before it":  func(w *world, _ *photos) { w.power.cutAt("handoffs.update", 2, false, true) },
		"the process dies after that": func(w *world, _ *photos) { w.power.cutAt("handoffs.update", 2, true, true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p, made := photographed(t, "handoff")
			c := w.pending(made)
			spoil(w, p)
			started, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
			must(t, err)
			_, ticket, _ := strings.Cut(started.StartURL.Reveal(), "?ticket=")
			opened := w.opened(started.Handoff.ID, ticket)
			confirm := func() error {
				address, err := w.Confirm(t.Context(), started.Handoff.ID, opened.Cookie.Reveal(), opened.Form.Reveal())
				if err != nil && !address.IsZero() {
					t.Error("the browser is sent on")
				}
				return err
			}
			if err := confirm(); err == nil || strings.Contains(err.Error(), mark) {
				t.Fatalf("confirmed: %v", err)
			}
			p.status, w.stateOf = map[string]int{}, p.state
			w.power.on()
			refused(t, confirm(), fault.CodeHandoffUsed)
			if n := p.requests("/request"); n != 1 {
				t.Errorf("%d temporary tokens were asked for", n)
			}
			_, err = w.Complete(t.Context(), p.authorized(w.travel(connect.Ask{ConnectionID: c.ID})))
			must(t, err)
			if got := w.status(c.ID); got != "active" {
				t.Errorf("status %s", got)
			}
		})
	}
}

// A system that refuses the consumer is the template owner's affair: it is noted
// and told, and cleared when it is put right.
func TestOAuth1ConsumerRefused(t *testing.T) {
	t.Parallel()
	w, p, made := photographed(t, "handoff")
	c := w.pending(made)
	p.consumer = "rotated"
	started, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	_, ticket, _ := strings.Cut(started.StartURL.Reveal(), "?ticket=")
	opened := w.opened(started.Handoff.ID, ticket)
	_, err = w.Confirm(t.Context(), started.Handoff.ID, opened.Cookie.Reveal(), opened.Form.Reveal())
	if !errors.Is(err, method.ClientRefused) {
		t.Errorf("confirmed: %v", err)
	}
	noted := func() bool {
		stored, err := w.templates.Get(t.Context(), made.Owner, made.ID)
		must(t, err)
		return !stored.RefusedAt.IsZero()
	}
	if types := w.bus.Types(); !noted() || types[len(types)-1] != notify.TemplateClientRefused {
		t.Errorf("noted %v, events %v", noted(), types)
	}
	p.consumer = consumerSecret
	w.travel(connect.Ask{ConnectionID: c.ID})
	if noted() {
		t.Error("the refusal is still noted")
	}
}
