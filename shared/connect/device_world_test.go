package connect_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
)

// device is the provider with a device authorization endpoint: what the person
// at its page does is scripted, one word for each poll.
type device struct {
	*provider
	now      func() time.Time
	script   []string // "ok", an error code, a status, or "down"; afterwards, and when empty, the person is not done.
	before   func()   // Runs once, when a poll is under way and not carried out yet.
	during   func()   // Runs once, when a poll was carried out and not answered yet.
	lifetime int
	asked    []time.Time // When polls came.
	codes    []string    // Of those polls.
	redeemed map[string]bool
	fast     bool // A poll came before its time.
	interval time.Duration
}

const deviceBase = "https://auth.example.com/dev"

// deviceWorld is a world whose scheme is the device grant.
func deviceWorld(t *testing.T) (*world, *device, connection.Connection) {
	t.Helper()
	w := newWorld(t)
	d := &device{provider: w.provider, now: w.clock.now, lifetime: 600, redeemed: map[string]bool{}, interval: 5 * time.Second}
	w.Reach.HTTP = d
	made := w.template("demo-device", "oauth2_device_code", map[string]string{"baseUrl": deviceBase})
	return w, d, w.pending(made)
}

// Do implements method.Doer.
func (d *device) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	switch {
	case strings.HasSuffix(r.URL.Path, "/device/auth"):
		return d.begin(r), nil
	case form.Has("device_code"):
		return d.poll(r, form)
	case strings.HasSuffix(r.URL.Path, "/token/revocation"):
		r.URL.Path = "/revoke"
	}
	return d.provider.Do(r)
}

func (d *device) begin(r *http.Request) *http.Response {
	d.mu.Lock()
	defer d.mu.Unlock()
	if id, password, _ := r.BasicAuth(); d.clients[id] == "" || d.clients[id] != password {
		return answer(401, map[string]any{"error": "invalid_client"})
	}
	user := d.issue("user")
	return answer(200, map[string]any{
		"device_code": d.issue("device"), "user_code": user, "verification_uri": deviceBase + "/device",
		"verification_uri_complete": deviceBase + "/device?user_code=" + user, "expires_in": d.lifetime, "interval": int(d.interval.Seconds()),
	})
}

func (d *device) poll(r *http.Request, form url.Values) (*http.Response, error) {
	d.once(&d.before)
	res, err := d.carry(r, form)
	d.once(&d.during)
	return res, err
}

func (d *device) once(act *func()) {
	d.mu.Lock()
	run := *act
	*act = nil
	d.mu.Unlock()
	if run != nil {
		run()
	}
}

func (d *device) carry(r *http.Request, form url.Values) (*http.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, code := d.now(), form.Get("device_code")
	if n := len(d.asked); n > 0 && d.codes[n-1] == code && now.Sub(d.asked[n-1]) < d.interval {
		d.fast = true
	}
	d.asked, d.codes = append(d.asked, now), append(d.codes, code)
	next := "authorization_pending"
	if len(d.script) > 0 {
		next, d.script = d.script[0], d.script[1:]
	}
	id, password, _ := r.BasicAuth()
	switch {
	case d.clients[id] == "" || d.clients[id] != password:
		return answer(401, map[string]any{"error": "invalid_client"}), nil
	case d.redeemed[code]:
		return answer(400, map[string]any{"error": "invalid_grant"}), nil
	case next == "ok":
		d.redeemed[code] = true
		access := d.issue("access")
		d.tokens[access] = d.sub
		members := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": d.issue("refresh")}
		if d.granted != "" {
			members["scope"] = d.granted
		}
		return answer(200, members), nil
	case next == "down":
		return nil, fmt.Errorf("dial tcp: no route to host")
	case next == "slow_down":
		d.interval += 5 * time.Second
	case next == "503":
		return answer(503, map[string]any{}), nil
	case next == "html":
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("<html>sign in</html>"))}, nil
	}
	return answer(400, map[string]any{"error": next, "error_description": "no " + mark}), nil
}

func (d *device) polls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.asked)
}

// code asks for a user code.
func (w *world) code(ask connect.Ask) connect.Started {
	w.t.Helper()
	started, err := w.Authorize(w.t.Context(), w.caller, ask)
	must(w.t, err)
	return started
}

// later runs the job after a while.
func (w *world) later(wait time.Duration) (due, failed int) {
	w.t.Helper()
	w.clock.advance(wait)
	due, _, failed, err := w.PollDevices(w.t.Context(), "run-1")
	must(w.t, err)
	return due, failed
}

// approved is a connection after a whole device handoff.
func approved(t *testing.T) (*world, *device, connection.Connection) {
	t.Helper()
	w, d, c := deviceWorld(t)
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	w.later(6 * time.Second)
	if got := w.status(c.ID); got != "active" {
		t.Fatalf("status %s", got)
	}
	return w, d, w.get(c.ID)
}

// patient makes runs wait as they do in the cloud, in the time of the world.
func (w *world) patient() {
	w.Sleep = func(_ context.Context, d time.Duration) error {
		w.clock.advance(d)
		return nil
	}
}
