package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
)

// rig is a Tenon and the system of one connection, without a network, so that
// time can stand still.
type rig struct {
	mu      sync.Mutex
	lease   func(n, refused int) (api.Lease, int) // The answer to the nth lease, and its status where that is not 200.
	system  http.HandlerFunc
	delay   time.Duration // Of each lease.
	asked   []int         // The refused version of each lease.
	calls   []string      // What the system received: method, URL and credential.
	reports [][]string    // The outcomes of each report.
	problem string        // The answer to a report, if it is one.
}

const base = "https://crm.example.com/v2"

// newRig leases version 1 of a token for an hour, and the next after a refusal.
func newRig() *rig {
	r := &rig{system: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }}
	r.lease = func(_, refused int) (api.Lease, int) { return token(refused+1, time.Hour), 0 }
	return r
}

// token is the lease of a version of an access token.
func token(version int, life time.Duration) api.Lease {
	l := api.Lease{
		ConnectionID: "con_1", TokenVersion: version, BaseURL: base,
		Headers: map[string]string{"Authorization": fmt.Sprintf("Bearer canary-%d", version)},
	}
	if life > 0 {
		l.ExpiresAt = new(time.Now().Add(life))
	}
	return l
}

// Do answers for Tenon.
func (r *rig) Do(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	if strings.HasSuffix(req.URL.Path, "/calls") {
		var in api.CallReport
		_ = json.Unmarshal(body, &in)
		outcomes := []string{}
		for _, c := range in.Calls {
			outcomes = append(outcomes, c.Outcome)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.reports = append(r.reports, outcomes)
		if r.problem != "" {
			return respond(req, answer(404, "application/problem+json", r.problem)), nil
		}
		return respond(req, answer(200, "application/json", `{}`)), nil
	}
	var in struct{ RefusedTokenVersion int }
	_ = json.Unmarshal(body, &in)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, in.RefusedTokenVersion)
	l, status := r.lease(len(r.asked), in.RefusedTokenVersion)
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case <-time.After(r.delay):
	}
	if status != 0 {
		return respond(req, answer(status, "application/problem+json", `{"code":"reauth_required","remedy":"reconnect"}`)), nil
	}
	text, err := json.Marshal(l)
	return respond(req, answer(200, "application/json", string(text))), err
}

// RoundTrip answers for the system.
func (r *rig) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, strings.TrimSpace(req.Method+" "+req.URL.String()+" "+req.Header.Get("Authorization")))
	return respond(req, r.system), nil
}

func respond(req *http.Request, h http.HandlerFunc) *http.Response {
	w := httptest.NewRecorder()
	h(w, req)
	res := w.Result()
	res.Request = req
	return res
}

func bearer(context.Context) (string, error) { return "jwt", nil }

// transport returns a transport of connection con_1.
func (r *rig) transport() *client.Transport {
	t := client.NewTransport(client.New("https://tenon.example.com", bearer, r).Tries(1), "con_1", "sync")
	t.Base = r
	return t
}

// get asks for a path below the base URL and returns the status.
func get(t *testing.T, rt http.RoundTripper, address string) int {
	t.Helper()
	res, err := (&http.Client{Transport: rt}).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

// only lets a system accept one version of the token.
func only(version *int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer canary-%d", *version) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
}

// reported returns the outcomes of each report.
func (r *rig) reported() [][]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.reports)
}
