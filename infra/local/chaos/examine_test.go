package chaos_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// examine checks what must be true of every connection, whatever struck it.
func (r *run) examine(t *testing.T) {
	t.Helper()
	byCase(t, r.strikes, (*strike).shows, func(t *testing.T, strikes []*strike) {
		each(t, "examined", atOnce, strikes, func(s *strike) {
			s.answers(t, r)
			s.health(t, r)
			s.audit(t, r)
			r.e.examine(t, s.connection, s)
		})
	})
	reached, lost, fatal := 0, 0, 0
	for _, s := range r.strikes {
		if s.reached {
			reached++
		}
		if s.lost() {
			lost++
		}
		if s.second != nil && s.second.lost() {
			lost++
		}
		if s.fatal() {
			fatal++
		}
	}
	stats := r.e.lab.stats(t)
	t.Logf("%d of %d strikes hit; %d lost an answer, %d connections are lost by that; the server: %+v", reached, len(r.strikes), lost, fatal, stats)
	r.e.invariants.check(t, i2, stats.DoubleRefresh == 0, "two refreshes with one token were under way at once %d times", stats.DoubleRefresh)
	r.e.invariants.check(t, i2, stats.ReuseDetected == fatal, "%d old refresh tokens came again, want the %d whose answers were lost", stats.ReuseDetected, fatal)
	if reached < len(r.strikes)*9/10 {
		t.Errorf("%d strikes hit nothing; the calls of a refresh are not those of the rehearsal", len(r.strikes)-reached)
	}
	r.e.tidy(t)
}

// outcomes prints the table of the disturbances.
func (r *run) outcomes(t *testing.T) {
	t.Helper()
	table(t, routes.ConnectionLease.Name, r.strikes)
}

// permitted are the answers to a request that something went wrong with: none of
// them blames the product.
var permitted = []int{http.StatusOK, http.StatusConflict, http.StatusBadGateway, http.StatusServiceUnavailable}

// answers allows no answer that blames the product, and one token request for
// each attempt. The platform's own answer for a process that was killed is not
// the product's.
func (s *strike) answers(t *testing.T, r *run) {
	all := s.tries
	if s.how != kill || !s.reached {
		all = append(slices.Clone(all), s.answer())
	}
	for _, o := range all {
		if !slices.Contains(permitted, o.status) {
			t.Errorf("%s: answered %d %v", s, o.status, o.err)
		}
	}
	posts := slices.DeleteFunc(slices.Clone(s.calls), func(c call) bool { return c.name != providerCall })
	r.e.invariants.check(t, i2, len(posts) <= 1, "%s: one attempt asked the provider %d times", s, len(posts))
	if s.disturbs() && len(posts) == 1 && s.answer().status != http.StatusOK && recorded(s.calls, saveCall) == 0 && s.name != saveCall {
		t.Errorf("%s: the provider was asked although the answer could not be kept", s)
	}
}

// health compares what a person is told with what became of the credential. A
// connection is given up only when the provider has refused its token.
func (s *strike) health(t *testing.T, r *run) {
	got, err := client.Call(t.Context(), r.ann.client, routes.ConnectionGet, api.ConnectionRef{ConnectionID: s.connection})
	if err != nil {
		t.Errorf("%s: %v", s, err)
		return
	}
	status, reason := "active", ""
	if s.fatal() {
		status, reason = "degraded", "refresh_response_lost"
	}
	if got.Status != status || got.Reason != reason {
		t.Errorf("%s: the connection is %s %q, want %s %q", s, got.Status, got.Reason, status, reason)
	}
	if _, refused := r.e.provider.counts(s.connection); (refused > 0) != s.fatal() {
		t.Errorf("%s: the provider refused %d refreshes", s, refused)
	}
}

// works returns what the provider answers to a leased token.
func works(t *testing.T, r *run, o outcome) int {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.e.lab.issuer+"/api/me", nil)
	if err != nil {
		return 0
	}
	for name, value := range o.lease.Headers {
		request.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	_ = res.Body.Close() // Only the status matters.
	return res.StatusCode
}

// audit counts the records: one for each request for a lease that got so far,
// and one for each token that was installed. The record of a refresh comes
// before it, so a process that never came to install what it had recorded leaves
// one more; so does a late one, which records what another has installed.
func (s *strike) audit(t *testing.T, r *run) {
	leases, installed := len(s.tries), 0
	installed, _ = r.e.provider.counts(s.connection)
	spare := 0
	for _, struck := range []*strike{s, s.second} {
		if struck == nil {
			continue
		}
		if recorded(struck.calls, "DynamoDB PutItem audit") > 0 || struck.how == hangUp {
			leases++
		}
		if struck.lost() {
			installed--
		}
		if recorded(struck.calls, "DynamoDB PutItem audit") > 1 || struck.how == pause && recorded(struck.calls, saveCall) > 0 {
			spare++
		}
	}
	if s.second != nil && s.fatal() {
		spare++ // What was lost twice was installed once less than never.
	}
	got := r.entries(t, s, "connection.lease", "allowed")
	r.e.invariants.check(t, i6, got == leases, "%s: %d records of leases, want %d", s, got, leases)
	refreshes := r.entries(t, s, "connection.refresh", "allowed")
	r.e.invariants.check(t, i6, refreshes >= installed && refreshes <= installed+spare,
		"%s: %d records of refreshes, %d were installed", s, refreshes, installed)
	losses := r.entries(t, s, "connection.refresh", "denied")
	r.e.invariants.check(t, i6, (losses > 0) == s.fatal(), "%s: %d records of a refusal for good", s, losses)
}

func recorded(calls []call, name string) int {
	n := 0
	for _, c := range calls {
		if c.name == name && c.done {
			n++
		}
	}
	return n
}

func (r *run) entries(t *testing.T, s *strike, action, outcome string) int {
	in := api.AuditList{Page: api.Page{Limit: 100}, AuditFilter: api.AuditFilter{Action: action, Resource: s.connection}}
	n := 0
	for {
		found, err := client.Call(t.Context(), r.ann.client, routes.AuditList, in)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			return n
		}
		for _, e := range found.Items {
			if e.Outcome == outcome {
				n++
			}
		}
		if in.Cursor = found.NextCursor; in.Cursor == "" {
			return n
		}
	}
}
