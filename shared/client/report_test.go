package client_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/client"
)

// answers lets the system answer with one status after another, and fail for 0.
type answers struct {
	*rig
	statuses []int
}

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	status := a.statuses[0]
	a.statuses = a.statuses[1:]
	if status == 0 {
		return nil, errors.New("connection reset")
	}
	return respond(req, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }), nil
}

func TestTransportReportsOutcomes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		crm := r.transport()
		crm.Base = &answers{r, []int{200, 304, 404, 403, 429, 500, 503, 0}}
		for range 8 {
			_, _ = (&http.Client{Transport: crm}).Get("a")
		}
		time.Sleep(29 * time.Second)
		if len(r.reported()) > 0 {
			t.Errorf("reported before half a minute: %v", r.reported())
		}
		time.Sleep(time.Second)
		synctest.Wait()
		want := [][]string{{"ok", "ok", "ok", "permission_error", "rate_limited", "provider_error", "provider_error", "network_error"}}
		if diff := cmp.Diff(want, r.reported()); diff != "" {
			t.Errorf("reports (-want +got):\n%s", diff)
		}
	})
}

// A hundred calls are a report; what does not fill one waits.
func TestTransportReportsInBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		crm := r.transport()
		for range 120 {
			get(t, crm, "a")
		}
		synctest.Wait()
		sizes := func() (n []int) {
			for _, report := range r.reported() {
				n = append(n, len(report))
			}
			return n
		}
		if got := sizes(); !slices.Equal(got, []int{100}) {
			t.Errorf("at once: got reports of %v", got)
		}
		if err := crm.Close(t.Context()); err != nil || !slices.Equal(sizes(), []int{100, 20}) {
			t.Errorf("at the end: got reports of %v, %v", sizes(), err)
		}
		if err := crm.Close(t.Context()); err != nil || len(sizes()) != 2 {
			t.Errorf("with nothing left: got reports of %v, %v", sizes(), err)
		}
	})
}

// blocked is a Tenon that takes no report before it is told to.
type blocked struct {
	*rig
	until chan struct{}
}

func (b blocked) Do(req *http.Request) (*http.Response, error) {
	if req.URL.Path == "/v1/connections/con_1/calls" {
		<-b.until
	}
	return b.rig.Do(req)
}

// Reports never hold up a call, and do not grow without bound.
func TestTransportDropsReportsBeyondABound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		b := blocked{r, make(chan struct{})}
		crm := client.NewTransport(client.New("https://tenon.example.com", bearer, b).Tries(1), "con_1", "sync")
		crm.Base = r
		for range 5000 {
			get(t, crm, "a")
		}
		close(b.until)
		if err := crm.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, report := range r.reported() {
			total += len(report)
		}
		if total > 1100 || total < 1000 {
			t.Errorf("got %d calls reported, want those that found room", total)
		}
	})
}

// Of a connection of the organization its tenants report nothing.
func TestTransportStopsReportingWhatIsNotItsToReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.problem = `{"code":"not_found"}`
		crm := r.transport()
		for range 3 {
			get(t, crm, "a")
			time.Sleep(time.Minute)
			synctest.Wait()
		}
		if len(r.reported()) != 1 {
			t.Errorf("got %d reports, want 1", len(r.reported()))
		}
	})
}
