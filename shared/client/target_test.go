package client_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
)

func TestTransportSendsTheCredentialToTheSystemOnly(t *testing.T) {
	t.Parallel()
	const bearer = " Bearer canary-1"
	for address, want := range map[string]string{
		"contacts?limit=5":                       "GET https://crm.example.com/v2/contacts?limit=5" + bearer,
		"/a%2Fb/":                                "GET https://crm.example.com/v2/a%2Fb/" + bearer,
		"":                                       "GET https://crm.example.com/v2" + bearer,
		"https://crm.example.com/v1/me":          "GET https://crm.example.com/v1/me" + bearer,
		"https://CRM.example.com:443/v1":         "GET https://CRM.example.com:443/v1" + bearer,
		"https://files.example.com/1":            "GET https://files.example.com/1" + bearer,
		"http://crm.example.com/v2/contacts":     "",
		"https://crm.example.com:8443/v2":        "",
		"https://crm.example.com.evil.example/":  "",
		"https://crm.example.com@evil.example/":  "",
		"https://sub.crm.example.com/":           "",
		"http://files.example.com/1":             "",
		"https://files.example.com:8443/1":       "",
		"//evil.example/v2":                      "",
		"https:///v2":                            "",
		"ftp://crm.example.com/v2":               "",
		"https://xn--crm-example-com.example/v2": "",
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			r := newRig()
			crm := r.transport()
			crm.Hosts = []string{"files.example.com"}
			res, err := (&http.Client{Transport: crm}).Get(address)
			if got := strings.Join(r.calls, "\n"); got != want || (err == nil) != (want != "") {
				t.Errorf("the system received %q (%v, %v), want %q", got, res, err, want)
			}
			if err != nil && !strings.Contains(err.Error(), "is not sent to the host") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What is redirected within the system keeps the credential; what leaves it is
// followed without, and nothing of the lease goes along.
func TestTransportRedirects(t *testing.T) {
	t.Parallel()
	for location, want := range map[string][]string{
		"/v3/contacts":                   {"GET https://crm.example.com/v3/contacts?api_key=canary Bearer canary-1"},
		"https://crm.example.com/other":  {"GET https://crm.example.com/other?api_key=canary Bearer canary-1"},
		"http://crm.example.com/v2":      {"GET http://crm.example.com/v2"},
		"https://storage.example.net/x":  {"GET https://storage.example.net/x"},
		"https://crm.example.com:444/v2": {"GET https://crm.example.com:444/v2"},
	} {
		t.Run(location, func(t *testing.T) {
			t.Parallel()
			r := newRig()
			r.lease = func(int, int) (api.Lease, int) {
				l := token(1, 0)
				l.Query = map[string]string{"api_key": "canary"}
				return l, 0
			}
			r.system = func(w http.ResponseWriter, req *http.Request) {
				if len(r.calls) == 1 {
					w.Header().Set("Location", location)
					w.WriteHeader(http.StatusFound)
				}
				if strings.Contains(req.Referer(), "canary") {
					t.Errorf("the credential stands in Referer %q", req.Referer())
				}
			}
			get(t, r.transport(), "contacts")
			if diff := cmp.Diff(want, r.calls[1:]); diff != "" {
				t.Errorf("after the redirect (-want +got):\n%s", diff)
			}
		})
	}
}

// A lease without a base URL names no host: the program has to.
func TestTransportWithoutABaseURL(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.lease = func(int, int) (api.Lease, int) {
		l := token(1, 0)
		l.BaseURL = ""
		return l, 0
	}
	crm := r.transport()
	crm.Hosts = []string{"sheets.googleapis.com"}
	if got := get(t, crm, "https://sheets.googleapis.com/v4"); got != http.StatusNoContent {
		t.Errorf("got %d", got)
	}
	for _, address := range []string{"v4", "https:///v4", "https://evil.example/v4"} {
		if _, err := (&http.Client{Transport: crm}).Get(address); err == nil {
			t.Errorf("%s: no error", address)
		}
	}
}
