package chaos_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestOAF04CallbackKilled kills the callback of the OAuth handoff at every call,
// and lets AWS misbehave at every call. The browser repeats its request, and
// whoever is not connected then starts again: no code is sent twice, and one
// credential is kept.
func TestOAF04CallbackKilled(t *testing.T) {
	t.Parallel()
	r := newRun(t, number(t, "CHAOS_SEED", 1))
	c := &callbacks{r, r.e.newLanes(t, routes.OAuthCallback.Name)}
	rehearsal := c.newStrike(t, string(none), call{}, 0, false)
	c.strike(t, rehearsal)
	if o := rehearsal.answer(); o.status != http.StatusOK {
		t.Fatalf("a callback that nothing disturbs: %d\n%s", o.status, rehearsal.lane.log)
	}
	t.Logf("a callback makes %d calls", len(rehearsal.calls))
	for at, made := range rehearsal.calls {
		r.strikes = append(r.strikes, c.newStrike(t, kill, made, at, false), c.newStrike(t, kill, made, at, true))
		for _, way := range []disturbance{fails, throttle, down} {
			if made.name != providerCall {
				r.strikes = append(r.strikes, c.newStrike(t, string(way), made, at, false))
			}
		}
	}
	each(t, "struck", strikers, r.strikes, func(s *strike) { c.strike(t, s) })
	byCase(t, r.strikes, callbackCase, func(t *testing.T, strikes []*strike) {
		for _, s := range strikes {
			c.examine(t, s)
		}
	})
	stats := r.e.lab.stats(t)
	if stats.CodesReused != 0 {
		t.Errorf("%d codes were sent twice", stats.CodesReused)
	}
	r.e.invariants.check(t, i2, stats.DoubleRefresh+stats.ReuseDetected == 0, "the server: %+v", stats)
	table(t, routes.OAuthCallback.Name, r.strikes)
	r.e.tidy(t)
	r.e.invariants.summary(t)
}

type callbacks struct {
	*run
	lanes *lanes
}

func callbackCase(s *strike) string {
	if s.disturbs() {
		return disturbed(s.how, s.name)
	}
	return "OAF-04 the callback is killed"
}

// newStrike makes a connection that nobody has connected yet.
func (c *callbacks) newStrike(t *testing.T, how string, at call, place int, after bool) *strike {
	t.Helper()
	s := &strike{how: how, operation: routes.OAuthCallback.Name, provider: strict, kind: kind{cold: true}, at: place, name: at.name, after: after}
	creation := api.ConnectionCreate{TemplateID: c.templates[strict].ID, Name: how + " " + strconv.Itoa(place)}
	s.connection = must(t, c.ann, routes.ConnectionCreate, creation).ID
	return s
}

// strike walks a person as far as the callback, which is struck, and repeats it.
func (c *callbacks) strike(t *testing.T, s *strike) {
	visit := c.walk(t, s.connection)
	c.lanes.strike(t, s, func() {
		s.lane.cool(t)
		c.e.provider.watch(s.connection, s.lane.steps)
		s.land(t, func(ctx context.Context) outcome { return answerOf(direct{s.lane.gateway}, visit.Clone(ctx)) })
		c.e.provider.watch(s.connection, nil)
	})
	if s.how != string(none) {
		s.tries = append(s.tries, answerOf(direct{c.e.main.gateway}, visit.Clone(t.Context())))
	}
}

func answerOf(to direct, visit *http.Request) outcome {
	res, err := to.Do(visit)
	if err != nil {
		return outcome{err: err}
	}
	_ = res.Body.Close() // It is in memory.
	return outcome{status: res.StatusCode}
}

// walk takes a person through a handoff up to the provider's redirect and
// returns the request that the browser makes then.
func (c *callbacks) walk(t *testing.T, id string) *http.Request {
	t.Helper()
	browser := newBrowser(t)
	var visit *http.Request
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), c.e.base+"/v1/oauth/callback/") {
			return nil
		}
		visit = r
		return http.ErrUseLastResponse
	}
	start := must(t, c.ann, routes.ConnectionAuthorize, api.Authorize{ConnectionID: id}).StartURL
	form := url.Values{"form": {hiddenForm(t, open(t, browser, start, nil))}}
	submit, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.SplitN(start, "?", 2)[0], strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	submit.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := browser.Do(submit)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // A redirect has nothing to read.
	if visit == nil {
		t.Fatalf("the provider did not send the browser back: %d", res.StatusCode)
	}
	for _, cookie := range browser.Jar.Cookies(visit.URL) {
		visit.AddCookie(cookie)
	}
	c.e.provider.mu.Lock()
	c.e.provider.codes[visit.URL.Query().Get("code")] = id
	c.e.provider.mu.Unlock()
	return visit
}

// examine has whoever is not connected start again, and refreshes twice.
func (c *callbacks) examine(t *testing.T, s *strike) {
	t.Helper()
	if !s.reached {
		t.Errorf("%s: the call was not made", s)
	}
	if o := s.answer(); s.how != kill && !slices.Contains(permitted, o.status) {
		t.Errorf("%s: answered %d", s, o.status)
	}
	if o := s.tries[0]; o.status != http.StatusOK && o.status != http.StatusBadRequest {
		t.Errorf("%s: the repeated request was answered %d", s, o.status)
	}
	c.e.examine(t, s.connection, s)
	now := must(t, c.ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: s.connection})
	if now.Status != "active" {
		handOff(t, c.e, c.ann, s.connection)
	}
	c.goesOn(t, s)
	secrets := c.e.custody.secrets(t, s.connection)
	c.e.invariants.check(t, i9, len(secrets) == 1, "%s: %d secrets, want 1", s, len(secrets))
	records := c.entries(t, s, "connection.connect", "allowed")
	c.e.invariants.check(t, i6, records >= 1, "%s: no record of the connect", s)
}
