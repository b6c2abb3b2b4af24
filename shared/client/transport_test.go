package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
)

func TestTransportRepeatsARefusedRequestOnce(t *testing.T) {
	t.Parallel()
	body := func() io.Reader { return strings.NewReader("name=Ann") }
	for name, test := range map[string]struct {
		accepts int
		body    io.Reader
		again   func(n, refused int) (api.Lease, int)
		status  int
		calls   int
		asked   []int
		reports []string
	}{
		"with the token that replaced it":  {2, nil, nil, 200, 2, []int{0, 1}, []string{"ok"}},
		"with its body":                    {2, body(), nil, 200, 2, []int{0, 1}, []string{"ok"}},
		"unless the body is gone":          {2, io.MultiReader(body()), nil, 401, 1, []int{0}, []string{"auth_error"}},
		"and not twice":                    {3, nil, nil, 401, 2, []int{0, 1}, []string{"auth_error"}},
		"unless there is no other token":   {2, nil, func(int, int) (api.Lease, int) { return token(1, time.Hour), 0 }, 401, 1, []int{0, 1}, []string{"auth_error"}},
		"unless the other system is moved": {2, nil, moved, 401, 1, []int{0, 1}, []string{"auth_error"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig()
			if test.again != nil {
				r.lease = test.again
			}
			received := ""
			r.system = func(w http.ResponseWriter, req *http.Request) {
				if req.Body != nil {
					text, _ := io.ReadAll(req.Body)
					received += string(text)
				}
				only(&test.accepts)(w, req)
			}
			crm := r.transport()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/contacts", test.body)
			if err != nil {
				t.Fatal(err)
			}
			res, err := crm.RoundTrip(req)
			if err != nil || res.StatusCode != test.status || res.Request != req {
				t.Fatalf("got %v, %v; want %d to the request that was made", res, err, test.status)
			}
			if err := crm.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := []any{len(r.calls), r.asked, r.reported()}
			if diff := cmp.Diff([]any{test.calls, test.asked, [][]string{test.reports}}, got); diff != "" {
				t.Errorf("calls, leases and reports (-want +got):\n%s", diff)
			}
			if want := strings.Repeat("name=Ann", test.calls); test.body != nil && received != want {
				t.Errorf("the system received %q, want %q", received, want)
			}
			if req.Header.Get("Authorization") != "" {
				t.Error("the program's request holds the credential")
			}
		})
	}
}

// moved is another connection, elsewhere.
func moved(n, _ int) (api.Lease, int) {
	l := token(n, time.Hour)
	if n > 1 {
		l.ConnectionID, l.BaseURL = "con_2", "https://other.example.com"
	}
	return l, 0
}

// A body that could not be sent again costs one call, and no more.
func TestTransportAsksForAnotherTokenAfterARefusal(t *testing.T) {
	t.Parallel()
	r, accepts := newRig(), 2
	r.system = only(&accepts)
	crm := r.transport()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, base, io.MultiReader(strings.NewReader("x")))
	if res, err := crm.RoundTrip(req); err != nil || res.StatusCode != http.StatusUnauthorized {
		t.Fatalf("got %v, %v", res, err)
	}
	if got := get(t, crm, "contacts"); got != http.StatusOK || len(r.calls) != 2 {
		t.Errorf("the next call: got %d after %v", got, r.calls)
	}
}

// Where another credential cannot be had, the error says what a person can do.
func TestTransportReturnsTheProblemOfTheLease(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.system = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
	r.lease = func(n, _ int) (api.Lease, int) {
		if n > 1 {
			return api.Lease{}, http.StatusConflict
		}
		return token(1, time.Hour), 0
	}
	crm := r.transport()
	_, err := (&http.Client{Transport: crm}).Get("contacts")
	p, ok := errors.AsType[*client.Problem](err)
	if !ok || p.Remedy != "reconnect" || !client.Has(err, fault.CodeReauthRequired) || client.Has(err, fault.CodeNotFound) {
		t.Errorf("got %v", err)
	}
	if strings.Contains(fmt.Sprintf("%+v %#v %+v", err, err, crm), "canary") {
		t.Errorf("the error holds the token: %+v", err)
	}
	if err := crm.Close(t.Context()); err != nil || fmt.Sprint(r.reported()) != "[[auth_error]]" {
		t.Errorf("got reports %v, %v", r.reported(), err)
	}
}

// A program that takes every 401 for one of its token asks no more often than it
// would help.
func TestTransportDoesNotAskInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.system = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
		r.lease = func(int, int) (api.Lease, int) { return token(1, time.Hour), 0 }
		crm := r.transport()
		for range 50 {
			get(t, crm, "contacts")
		}
		if len(r.asked) != 2 {
			t.Errorf("got leases %v, want one for use and one in vain", r.asked)
		}
		time.Sleep(11 * time.Second)
		if get(t, crm, "contacts"); len(r.asked) != 3 {
			t.Errorf("got leases %v, want another one later", r.asked)
		}
		_ = crm.Close(t.Context())
	})
}
