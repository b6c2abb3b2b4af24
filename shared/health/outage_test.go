package health_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// breakable answers 503 to everything while it is down.
type breakable struct {
	method.Doer
	mu    sync.Mutex
	down  bool
	asked map[string]int // By path.
}

func (b *breakable) Do(req *http.Request) (*http.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked[req.URL.Path]++
	if b.down {
		return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("<html>"))}, nil
	}
	return b.Doer.Do(req)
}

func (b *breakable) set(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down, b.asked = down, map[string]int{}
}

// crowd makes n connections beside the rig's, whose checks are due over the next
// two hours, and whose tokens expire within two. It returns their refresh tokens
// too.
func (r *rig) crowd(t *testing.T, n int) (ids, grants []string) {
	t.Helper()
	ids, grants = make([]string, n), make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("con_%05d", i)
		access, refresh := r.provider.Issue()
		grants[i] = refresh
		encoded, err := vault.Material{Tenant: tenant, Resource: ids[i], RefreshToken: secret.FromString(refresh)}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		version, err := r.secrets.Create(t.Context(), ids[i], "arn", vault.Token(ids[i]), encoded)
		if err != nil {
			t.Fatal(err)
		}
		life := 20*time.Minute + time.Duration(i)*100*time.Minute/time.Duration(n)
		m, _ := method.For(oauth)
		l, err := m.Apply(r.target, nil, method.Token{AccessToken: secret.FromString(access), Type: "Bearer"})
		if err != nil {
			t.Fatal(err)
		}
		c := connection.Connection{Tenant: tenant, ID: ids[i], Connector: "crm", SchemeType: oauth, Lifecycle: connection.Pending, SecretName: ids[i]}
		k := connection.Credential{At: vault.Locator{Secret: ids[i], Version: version}, Refreshable: true, ExpiresAt: time.Now().Add(life), PromotedAt: time.Now()}
		if err := c.Install(t.Context(), r.Sealer, k, l, catalog.Refresh{}, time.Now().UTC()); err != nil {
			t.Fatal(err)
		}
		c.Due.Health = time.Now().Add(30*time.Minute + time.Duration(i)*2*time.Hour/time.Duration(n))
		if err := r.memory.Create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return ids, grants
}

// sweepFor does once a minute what the jobs do, and reports calls of some.
func (r *rig) sweepFor(t *testing.T, d time.Duration, called func()) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Minute) {
		for index, work := range map[connection.Index]func(context.Context, string, due.Item) error{connection.RefreshDue: r.Refresher.Due, connection.HealthDue: r.Due} {
			if _, _, _, err := connectiontest.Sweep(t.Context(), r.memory, index, time.Now(), 8, work); err != nil {
				t.Fatal(err)
			}
		}
		called()
		r.derive(t)
	}
}

// statuses counts the connections by status and reason.
func (r *rig) statuses(t *testing.T, ids []string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, id := range ids {
		c, err := r.memory.Get(t.Context(), tenant, id)
		if err != nil {
			t.Fatal(err)
		}
		s := connection.StatusOf(&c, time.Now())
		counts[s.Name+" "+string(s.Reason)]++
	}
	return counts
}

// OUT-01: two hours of server errors of the API and of the token endpoint, for
// ten thousand connections that are checked and called, and whose tokens all end
// meanwhile. None changes its status, nobody hears of any of them, and each endpoint
// is told of once. Whose grant was really revoked meanwhile is found afterwards.
func TestOUT01OutageOfTenThousandConnections(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		const many, revoked = 10_000, 25
		site := &breakable{Doer: r.provider}
		site.set(false)
		r.Reach.HTTP, r.Refresher.Reach.HTTP = site, site
		r.provider.Rotate = false
		ids, grants := r.crowd(t, many)
		random := rand.New(rand.NewPCG(1, 2))
		report := func(outcomes ...catalog.Outcome) func() {
			return func() {
				for range 20 {
					outcome := outcomes[random.IntN(len(outcomes))]
					if _, err := r.Report(t.Context(), ann, ids[random.IntN(many)], calls(outcome, outcome, outcome)); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		time.Sleep(12 * time.Minute)
		site.set(true)
		r.sweepFor(t, 5*time.Minute, report(catalog.ProviderError, catalog.NetworkError, catalog.RateLimited))
		r.sweepFor(t, 115*time.Minute, report(catalog.ProviderError, catalog.NetworkError, catalog.RateLimited, catalog.AuthError, catalog.Unknown))
		if got := r.statuses(t, ids); got["active "] != many {
			t.Errorf("after two hours: %v, want all of them active", got)
		}
		for _, grant := range grants[:revoked] {
			r.provider.Forget(grant)
		}
		for path, asked := range maps.Clone(site.asked) {
			if path == "/token" && asked < 60 || asked > 240+40 {
				t.Errorf("requests to %s in two hours: got %d, want a canary each half minute at most", path, asked)
			}
		}
		r.wantOutages(t, map[string]int{"api began": 1, "token began": 1})
		site.set(false)
		r.sweepFor(t, 75*time.Minute, report(catalog.OK))
		if got := r.statuses(t, ids); got["active "] != many-revoked || got["degraded reauth_required"] != revoked {
			t.Errorf("two hours after it: %v, want all of them active but those that were revoked", got)
		}
		r.wantOutages(t, map[string]int{"api began": 1, "token began": 1, "api ended": 1, "token ended": 1, "reauth_required": revoked})
	})
}

// wantOutages checks that these events, and no others, were published: outages by
// endpoint, changes of status by reason.
func (r *rig) wantOutages(t *testing.T, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for _, e := range r.bus.Events() {
		switch e.Type {
		case notify.ConnectionStatus:
			got[e.Detail["reason"]]++
			continue
		case notify.ProviderOutage:
		default:
			t.Errorf("event %+v", e)
			continue
		}
		got[e.Detail["endpoint"]+" "+e.Detail["phase"]]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("events: got %v, want %v", got, want)
	}
}
