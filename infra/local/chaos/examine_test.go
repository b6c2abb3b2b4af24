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
	r.each(t, "examined", func(s *strike) {
		s.answers(t)
		s.health(t, r)
		s.audit(t, r)
	})
	reached, lost, fatal := 0, 0, 0
	for _, s := range r.strikes {
		if s.reached {
			reached++
		}
		if s.lost() {
			lost++
		}
		if s.fatal() {
			fatal++
		}
	}
	stats := r.e.lab.stats(t)
	t.Logf("%d of %d strikes hit; %d lost an answer, %d of them for good; the server: %+v", reached, len(r.strikes), lost, fatal, stats)
	if stats.DoubleRefresh != 0 {
		t.Errorf("two refreshes with one token were under way at once %d times", stats.DoubleRefresh)
	}
	if stats.ReuseDetected != fatal {
		t.Errorf("%d old refresh tokens came again, want the %d whose answers were lost", stats.ReuseDetected, fatal)
	}
	if reached < len(r.strikes)*9/10 {
		t.Errorf("%d strikes hit nothing; the calls of a refresh are not those of the rehearsal", len(r.strikes)-reached)
	}
}

// answers allows no answer that blames the product. The platform's own answer
// for a process that was killed is not the product's.
func (s *strike) answers(t *testing.T) {
	all := s.tries
	if s.how != kill || !s.reached {
		all = append(slices.Clone(all), <-s.first)
	}
	for _, o := range all {
		if !slices.Contains([]int{http.StatusOK, http.StatusConflict, http.StatusBadGateway, http.StatusServiceUnavailable}, o.status) {
			t.Errorf("%s: answered %d %v", s, o.status, o.err)
		}
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
	leases := len(s.tries)
	if recorded(s.calls, "DynamoDB PutItem audit") > 0 || s.how == hangUp {
		leases++
	}
	if got := r.entries(t, s, "connection.lease"); got != leases {
		t.Errorf("%s: %d records of leases, want %d", s, got, leases)
	}
	accepted, _ := r.e.provider.counts(s.connection)
	if s.lost() {
		accepted--
	}
	refreshes := r.entries(t, s, "connection.refresh")
	twice := recorded(s.calls, "DynamoDB PutItem audit") > 1 || s.how == pause && recorded(s.calls, saveCall) > 0
	if refreshes != accepted && (!twice || refreshes != accepted+1) {
		t.Errorf("%s: %d records of refreshes, %d were installed", s, refreshes, accepted)
	}
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

func (r *run) entries(t *testing.T, s *strike, action string) int {
	in := api.AuditList{Page: api.Page{Limit: 100}, Action: action, Resource: s.connection}
	found, err := client.Call(t.Context(), r.ann.client, routes.AuditList, in)
	if err != nil {
		t.Errorf("%s: %v", s, err)
	}
	return len(found.Items)
}
