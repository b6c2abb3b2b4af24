package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testManyLeases is the promise of one refresh: fifty callers in four processes
// want the same expired token, and the provider sees one request.
func testManyLeases(t *testing.T, e *environment, ann *actor) {
	c := newOAuthClient(t, e, ann, "many", 4, openID(e))
	connect(t, ann, c.connection)
	old := call(t, ann, routes.ConnectionLease, c.lease())
	c.lifetime(t, e, 3600)
	before := e.lab.stats(t, e) // A sweep may be the first to find the token due.
	wait(t, tokenLife(old))

	const callers = 50
	leases, errs := make([]api.Lease, callers), make([]error, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() { leases[i], errs[i] = client.Call(t.Context(), ann.client, routes.ConnectionLease, c.lease()) })
	}
	all.Wait()
	for i := range callers {
		if errs[i] != nil {
			t.Fatalf("caller %d: %v", i, errs[i])
		}
		if leases[i].AccessToken != leases[0].AccessToken || leases[i].AccessToken == old.AccessToken {
			t.Fatalf("caller %d got another token", i)
		}
	}
	after := e.lab.stats(t, e)
	if after.Refreshes != before.Refreshes+1 || after.DoubleRefresh != before.DoubleRefresh || after.ReuseDetected != before.ReuseDetected {
		t.Errorf("the server counted %+v, before %+v; want one refresh", after, before)
	}
	processes := 0
	for _, p := range functionProcesses(t, e.root) {
		if p.binary == routes.ConnectionLease.Name {
			processes++
		}
	}
	if processes < 4 {
		t.Errorf("the leases ran in %d processes, want 4", processes)
	}
	if got := asks(t, e.lab.issuer+"/api/me", leases[0].Headers); got != http.StatusOK {
		t.Errorf("the server answered %d to the new token, want 200", got)
	}
}

// testAnswerLost loses the answer to a refresh that the provider carried out.
// The old token is served while it lives, and what follows is visible: the
// connection says that a person must reconnect.
func testAnswerLost(t *testing.T, e *environment, ann *actor) {
	c := newOAuthClient(t, e, ann, "lost", 30, openID(e))
	connect(t, ann, c.connection)
	request := c.lease()
	request.MinimumLifetimeSeconds = 3000 // More than a new token has: asks for one as fresh as can be.
	old := call(t, ann, routes.ConnectionLease, request)
	e.lab.fault(t, e, c.id, "refresh_token", 1, map[string]any{"drop": "after"})
	eventually(t, "a refresh was sent", func() bool {
		if got := call(t, ann, routes.ConnectionLease, request); got.AccessToken != old.AccessToken {
			t.Fatal("got a new token from an answer that was lost")
		}
		return len(e.lab.tokenRequests(t, e, c.basic, "refresh_token")) > 0
	})
	if got := asks(t, e.lab.issuer+"/api/me", old.Headers); got != http.StatusOK {
		t.Errorf("the token that was served: the server answered %d, want 200", got)
	}
	eventually(t, "the connection says what happened", func() bool {
		_, _ = client.Call(t.Context(), ann.client, routes.ConnectionLease, request) // It may be served or refused.
		got := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: c.connection})
		return got.Status == "degraded" && got.Remedy == "reconnect"
	})
	if got := len(e.lab.tokenRequests(t, e, c.basic, "refresh_token")); got != 2 {
		t.Errorf("the server received %d refreshes, want the lost one and one more", got)
	}
	connect(t, ann, c.connection)
	wantStatus(t, ann, c.connection, "active", "")
	lease(t, ann, c.connection, e.lab.issuer+"/api/me")
}

// testStorm lets the provider answer 503: nobody has to do anything, and the
// provider is left alone.
func testStorm(t *testing.T, e *environment, ann *actor) {
	c := newOAuthClient(t, e, ann, "storm", 3, openID(e))
	connect(t, ann, c.connection)
	old := call(t, ann, routes.ConnectionLease, c.lease())
	e.lab.fault(t, e, c.id, "refresh_token", -1, map[string]any{"reply": map[string]any{"status": 503, "body": "busy"}})
	wait(t, tokenLife(old))
	for range 10 {
		_, err := client.Call(t.Context(), ann.client, routes.ConnectionLease, c.lease())
		p := problemOf(t, err)
		if p.Status != http.StatusServiceUnavailable || p.Remedy != "retry" {
			t.Errorf("in the storm: got %v (remedy %s), want 503 and retry", p, p.Remedy)
		}
	}
	wantStatus(t, ann, c.connection, "active", "")
	if got := len(e.lab.tokenRequests(t, e, c.basic, "refresh_token")); got > 2 {
		t.Errorf("ten leases sent %d refreshes into the storm", got)
	}
	c.lifetime(t, e, 3600)
	e.lab.mend(t, e, c.id)
	eventually(t, "leases work after the storm", func() bool {
		_, err := client.Call(t.Context(), ann.client, routes.ConnectionLease, c.lease())
		return err == nil
	})
	wantStatus(t, ann, c.connection, "active", "")
}

// testRedirect answers a refresh with a redirect: the secret and the token must
// not follow it.
func testRedirect(t *testing.T, e *environment, ann *actor) {
	var stolen atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen.Add(1) }))
	defer thief.Close()
	c := newOAuthClient(t, e, ann, "redirect", 3, openID(e))
	connect(t, ann, c.connection)
	old := call(t, ann, routes.ConnectionLease, c.lease())
	e.lab.fault(t, e, c.id, "refresh_token", -1, map[string]any{"redirect": thief.URL + "/token"})
	wait(t, tokenLife(old))
	refused(t, ann, routes.ConnectionLease, c.lease(), fault.CodeProviderError)
	if stolen.Load() > 0 {
		t.Error("the request was sent again to where the redirect led")
	}
	if got := len(e.lab.tokenRequests(t, e, c.basic, "refresh_token")); got != 1 {
		t.Errorf("the server received %d requests, want 1", got)
	}
	c.lifetime(t, e, 3600)
	e.lab.mend(t, e, c.id)
	eventually(t, "leases work without the redirect", func() bool {
		_, err := client.Call(t.Context(), ann.client, routes.ConnectionLease, c.lease())
		return err == nil
	})
}

// testConsentTakenBack ends the grant at the provider: a definite answer, which
// only a person can mend.
func testConsentTakenBack(t *testing.T, e *environment, ann *actor) {
	c := newOAuthClient(t, e, ann, "consent", 3, openID(e))
	connect(t, ann, c.connection)
	old := call(t, ann, routes.ConnectionLease, c.lease())
	e.lab.control(t, e, http.MethodPost, "/_lab/revoke", map[string]string{"clientId": c.id}, nil)
	wait(t, tokenLife(old))
	problem := refused(t, ann, routes.ConnectionLease, c.lease(), fault.CodeReauthRequired)
	if problem.Remedy != "reconnect" {
		t.Errorf("remedy: got %q, want reconnect", problem.Remedy)
	}
	wantStatus(t, ann, c.connection, "degraded", "reauth_required")
	refused(t, ann, routes.ConnectionLease, c.lease(), fault.CodeReauthRequired)
	if got := len(e.lab.tokenRequests(t, e, c.basic, "refresh_token")); got != 1 {
		t.Errorf("the server received %d refreshes of a dead token, want 1", got)
	}
	connect(t, ann, c.connection)
	wantStatus(t, ann, c.connection, "active", "")
}
