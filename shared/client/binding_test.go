package client_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
)

// A transport of a binding uses whichever connection is bound, and tells of each
// connection how its calls went.
func TestBindingTransport(t *testing.T) {
	t.Parallel()
	r, accepts := newRig(), 1
	r.system = only(&accepts)
	r.lease = func(n, _ int) (api.Lease, int) {
		l := token(n, 0)
		l.ConnectionID = "con_" + string(rune('0'+n))
		return l, 0
	}
	var leases, reports []string
	seen := doer(func(req *http.Request) (*http.Response, error) {
		if req.URL.Path != "/v1/flows/orders/bindings/source/lease" {
			reports = append(reports, req.URL.Path)
			return r.Do(req)
		}
		text, err := io.ReadAll(req.Body)
		leases = append(leases, string(text))
		req.Body = http.NoBody
		if err != nil {
			t.Error(err)
		}
		return r.Do(req)
	})
	crm := client.NewBindingTransport(client.New("https://tenon.example.com", bearer, seen), "orders", "source", "sync")
	crm.Base, crm.Environment = r, "test"
	get(t, crm, "orders")
	accepts = 2 // The first connection is refused, and another one is bound.
	if got := get(t, crm, "orders"); got != http.StatusOK {
		t.Errorf("got %d, want 200", got)
	}
	if err := crm.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	const first, second = `{"environment":"test","purpose":"sync"}`, `{"environment":"test","purpose":"sync","refusedTokenVersion":1}`
	if len(leases) != 2 || leases[0] != first || leases[1] != second {
		t.Errorf("asked for the leases %q", leases)
	}
	if len(reports) != 2 || reports[0] != "/v1/connections/con_1/calls" || reports[1] != "/v1/connections/con_2/calls" {
		t.Errorf("reported to %q", reports)
	}
}
