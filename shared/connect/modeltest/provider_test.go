package modeltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// What a provider's answers are like.
const (
	fair         = "fair"
	lostBefore   = "lost before it was carried out"
	lostAfter    = "lost after it was carried out"
	unreachable  = "unreachable"
	down         = "down"
	limited      = "limited"
	garbage      = "garbage"
	refusing     = "refusing" // Every grant, for no reason.
	brokenBefore = "gateway broken before it was carried out"
	brokenAfter  = "gateway broken after it was carried out"
)

// What a second use of a refresh token does.
const (
	strict = "revokes_family"
	grace  = "grace"
	fixed  = "non_rotating"
)

const (
	accessTime  = time.Hour
	graceTime   = 2 * time.Minute
	requestTime = 12 * time.Second // A token request that takes longer is given up.
)

// provider is an authorization server and an API that remembers everything, to
// be asked afterwards what was right.
type provider struct {
	s       *system
	reuse   string
	count   int
	codes   map[string]*grant
	access  map[string]*token
	refresh map[string]*token
	keys    map[string]bool // API keys, and whether they are accepted.
	grants  []*grant
}

// grant is one consent, or one client credentials grant, with all its tokens.
type grant struct {
	connection string // Empty where the provider cannot know.
	redeemed   bool
	dead       bool       // No token of it is accepted any more.
	forgotten  bool       // The provider ended it by itself.
	revoked    bool       // We asked it to.
	refused    bool       // A refresh was refused for good.
	lost       bool       // The answer to a refresh was lost.
	newest     *token     // The refresh token issued last.
	since      time.Time  // Of the request in flight; zero for none.
	replaced   bool       // It served, and another does now.
	holders    []*process // Who was sent a token of it.
}

type token struct {
	value   string
	of      *grant
	expires time.Time
	spent   time.Time
	by      *exchange
	unsure  int // Requests with it that may have been carried out, for all that was heard.
}

// exchange is a refresh that the provider carried out.
type exchange struct{ saved, garbled bool }

func (e *exchange) lost() bool { return !e.saved || e.garbled }

func (p *provider) next(kind string) string {
	p.count++
	return fmt.Sprintf("%s-%d", kind, p.count)
}

// consent is what the person does at the authorization endpoint.
func (p *provider) consent(connection string) string {
	code := p.next("code")
	g := &grant{connection: connection}
	p.codes[code], p.grants = g, append(p.grants, g)
	return code
}

// key issues an API key.
func (p *provider) key(good bool) string {
	key := p.next("key")
	p.keys[key] = good
	return key
}

// line is the way from a process to the provider: method.Doer.
type line struct {
	*provider
	p *process
}

func (l line) Do(r *http.Request) (res *http.Response, err error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	endpoint := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	began, weather := l.s.now, l.p.weather // Which may clear up with this request.
	if t := l.arrive(form); t != nil {
		defer func() {
			g, sure := t.of, err == nil && res != nil && (res.StatusCode == http.StatusServiceUnavailable || res.StatusCode == http.StatusTooManyRequests)
			if g.since = (time.Time{}); sure || weather == unreachable {
				t.unsure--
				g.lost = g.lost || sure && l.p.trouble == noAnswers // It is found later, and nobody knows any more.
				return
			}
			g.lost = g.lost || err != nil || res == nil || res.StatusCode >= 500
		}()
	}
	if g := l.codes[form.Get("code")]; g != nil {
		defer func() { g.lost = err != nil || res == nil || res.StatusCode >= 500 }()
	}
	defer l.clear()
	if err := l.p.point("before " + endpoint); err != nil {
		return nil, failed("read", errors.New("connection reset"))
	}
	if l.s.now.Sub(began) >= requestTime {
		return nil, failed("read", context.DeadlineExceeded)
	}
	status, members, err := l.answer(endpoint, r, form)
	if err != nil {
		return nil, err
	}
	if err := l.p.point("after " + endpoint); err != nil {
		return nil, failed("read", errors.New("connection reset"))
	}
	if l.s.now.Sub(began) >= requestTime {
		return nil, failed("read", context.DeadlineExceeded)
	}
	text, err := json.Marshal(members)
	if members == nil {
		text = []byte("<html>Something went wrong</html>")
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}, "Retry-After": {"30"}},
		Body: io.NopCloser(strings.NewReader(string(text))), Request: r,
	}, err
}

// arrive notes a refresh that is on its way, and that no other is.
func (l line) arrive(form url.Values) *token {
	t := l.refresh[form.Get("refresh_token")]
	if t == nil {
		return nil
	}
	if since := t.of.since; !since.IsZero() && l.s.now.Sub(since) < requestTime {
		l.s.rt.Fatalf("I2: two refreshes of %s in flight", t.of.connection)
	}
	l.s.spare(t)
	l.s.needed(t)
	t.of.since = l.s.now
	t.unsure++
	return t
}

// clear ends the spell of the weather.
func (l line) clear() {
	if l.p.spell--; l.p.spell == 0 {
		l.p.weather, l.p.foul = fair, true
	}
}

// answer is the provider's, as the weather lets it through.
func (l line) answer(endpoint string, r *http.Request, form url.Values) (int, map[string]any, error) {
	switch l.p.weather {
	case unreachable:
		return 0, nil, failed("dial", errors.New("connection refused"))
	case lostBefore:
		return 0, nil, failed("read", errors.New("connection reset"))
	case down:
		return http.StatusServiceUnavailable, nil, nil
	case brokenBefore:
		return l.gateway(), nil, nil
	case limited:
		return http.StatusTooManyRequests, map[string]any{"error": "slow_down"}, nil
	}
	if endpoint == "token" && l.p.weather == refusing {
		if t := l.refresh[form.Get("refresh_token")]; t != nil {
			t.of.refused = true
			t.of.lost = t.of.lost || t.by != nil && t.by.lost()
		}
		return http.StatusBadRequest, map[string]any{"error": "invalid_grant"}, nil
	}
	status, members := l.serve(endpoint, r, form)
	switch {
	case l.p.weather == lostAfter:
		return 0, nil, failed("read", errors.New("connection reset"))
	case l.p.weather == brokenAfter:
		if l.p.sent != nil {
			l.p.sent.garbled = true
		}
		return l.gateway(), nil, nil
	case l.p.weather == garbage && endpoint == "token" && status == http.StatusOK:
		if l.p.sent != nil {
			l.p.sent.garbled = true
		}
		return http.StatusOK, nil, nil
	}
	return status, members, nil
}

// gateway is what stands in for an answer that did not come from the provider.
func (l line) gateway() int {
	return rapid.SampledFrom([]int{http.StatusBadGateway, http.StatusInternalServerError, http.StatusGatewayTimeout}).Draw(l.s.rt, "status")
}

func failed(op string, err error) error {
	return &url.Error{Op: "Post", URL: "https://crm.example.com", Err: &net.OpError{Op: op, Net: "tcp", Err: err}}
}
