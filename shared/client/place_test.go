package client_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/oauth1"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// holding returns a rig that leases what change makes of a lease with no
// credential.
func holding(change func(*api.Lease)) *rig {
	r := newRig()
	r.lease = func(int, int) (api.Lease, int) {
		l := api.Lease{ConnectionID: "con_1", TokenVersion: 1, BaseURL: base}
		change(&l)
		return l, 0
	}
	return r
}

// What the lease has replaces what the program has.
func TestTransportSetsHeadersAndQuery(t *testing.T) {
	t.Parallel()
	r := holding(func(l *api.Lease) {
		l.Headers = map[string]string{"X-Api-Key": "k", "Authorization": "Basic YTpi"}
		l.Query = map[string]string{"key": "q"}
	})
	r.system = func(w http.ResponseWriter, req *http.Request) {
		want := http.Header{"X-Api-Key": {"k"}, "Authorization": {"Basic YTpi"}, "Accept": {"text/csv"}}
		if diff := cmp.Diff(want, req.Header); diff != "" || req.URL.RawQuery != "key=q&page=2" {
			t.Errorf("query %q, header (-want +got):\n%s", req.URL.RawQuery, diff)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "contacts?page=2&key=mine", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"X-Api-Key": {"mine", "and another"}, "Accept": {"text/csv"}}
	res, err := r.transport().RoundTrip(req)
	if err != nil || res.Request.URL.RawQuery != "page=2&key=mine" || req.Header.Get("X-Api-Key") != "mine" {
		t.Errorf("got %+v, %v; want the program's request as it was", res, err)
	}
}

var parameter = regexp.MustCompile(`(\w+)="([^"]*)"`)

// The signature is that of the request as the system receives it, form and all.
func TestTransportSigns(t *testing.T) {
	t.Parallel()
	r := holding(func(l *api.Lease) {
		l.Values = map[string]string{
			"signatureMethod": "HMAC-SHA256", "consumerKey": "ck", "consumerSecret": "cs", "token": "tk", "tokenSecret": "ts",
		}
	})
	nonces := map[string]bool{}
	r.system = func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil || string(body) != "name=Ann+B&name=C" {
			t.Errorf("got body %q, %v", body, err)
		}
		protocol := map[string]string{}
		for _, found := range parameter.FindAllStringSubmatch(req.Header.Get("Authorization"), -1) {
			protocol[found[1]], _ = url.PathUnescape(found[2])
		}
		delete(protocol, "oauth_signature")
		nonces[protocol["oauth_nonce"]] = true
		s := oauth1.Signature{Method: "HMAC-SHA256", ConsumerSecret: secret.FromString("cs"), TokenSecret: secret.FromString("ts")}
		part := oauth1.Request{Verb: req.Method, URL: req.URL, ContentType: req.Header.Get("Content-Type"), Body: body}
		want, err := s.Authorization(part, protocol)
		if err != nil || req.Header.Get("Authorization") != want || protocol["oauth_token"] != "tk" || protocol["oauth_consumer_key"] != "ck" {
			t.Errorf("got %s, want %s", req.Header.Get("Authorization"), want)
		}
	}
	crm := &http.Client{Transport: r.transport()}
	for range 2 {
		if _, err := crm.PostForm("contacts?page=2", url.Values{"name": {"Ann B", "C"}}); err != nil {
			t.Fatal(err)
		}
	}
	if len(nonces) != 2 {
		t.Error("a nonce was used twice")
	}
}

func TestTransportRefusesWhatItCannotPutOnARequest(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]map[string]string{
		"keys for AWS":   {"accessKeyId": "AKIA", "secretAccessKey": "canary"},
		"a login":        {"host": "db", "username": "u", "password": "canary"},
		"half a pair":    {"privateKey": "canary"},
		"no certificate": {"certificate": "canary", "privateKey": "canary"},
		"another method": {"signatureMethod": "PLAINTEXT", "consumerSecret": "canary"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := holding(func(l *api.Lease) { l.Values = values })
			crm := r.transport()
			if values["certificate"] != "" {
				crm.Base = nil
			}
			_, err := (&http.Client{Transport: crm}).Get("contacts")
			if err == nil || strings.Contains(err.Error(), "canary") || len(r.calls) > 0 {
				t.Errorf("got %v after %v", err, r.calls)
			}
		})
	}
}

// The connection of a certificate is its own, and serves the next lease of it too.
func TestTransportShowsClientCertificates(t *testing.T) {
	t.Parallel()
	servers, clients := serverstest.NewAuthority(t, "Servers"), serverstest.NewAuthority(t, "Clients")
	known, roots := x509.NewCertPool(), x509.NewCertPool()
	known.AppendCertsFromPEM([]byte(clients.PEM))
	roots.AppendCertsFromPEM([]byte(servers.PEM))
	connections := map[string]bool{}
	system := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		if r.TLS.PeerCertificates[0].Subject.CommonName == "second" {
			w.WriteHeader(http.StatusAccepted)
		}
	}))
	system.TLS = servers.Issue("127.0.0.1").Config(t)
	system.TLS.ClientAuth, system.TLS.ClientCAs = tls.RequireAndVerifyClientCert, known
	system.Config.ErrorLog = log.New(io.Discard, "", 0)
	system.StartTLS()
	t.Cleanup(system.Close)

	first, second := clients.Issue("first"), clients.Issue("second")
	r := newRig()
	r.lease = func(n, _ int) (api.Lease, int) {
		pair := first
		if n > 2 {
			pair = second
		}
		values := map[string]string{"certificate": pair.Certificate, "privateKey": pair.Key}
		return api.Lease{ConnectionID: "con_1", TokenVersion: n, BaseURL: system.URL, Values: values, ExpiresAt: new(time.Now())}, 0
	}
	plain := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	crm := r.transport()
	crm.Base = plain
	t.Cleanup(crm.CloseIdleConnections)
	for _, want := range []int{200, 200, 202, 202} { // Each has a lease of its own.
		if got := get(t, crm, "me"); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
	if len(r.asked) != 4 || len(connections) != 2 {
		t.Errorf("got %d leases and %d connections, want 4 and one for each certificate", len(r.asked), len(connections))
	}
	if _, err := (&http.Client{Transport: plain}).Get(system.URL); err == nil {
		t.Error("the program's own connections show the certificate")
	}
	crm = r.transport() // Its Base is no *http.Transport.
	if _, err := (&http.Client{Transport: crm}).Get("me"); err == nil || !strings.Contains(err.Error(), "*http.Transport") {
		t.Errorf("got %v", err)
	}
}
