package e2e_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// trustAuthority makes an authority that the functions trust as they do those of
// the system.
func trustAuthority(t *testing.T) *serverstest.Authority {
	t.Helper()
	ca, dir := serverstest.NewAuthority(t, "Public CA"), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), []byte(ca.PEM), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_DIR", dir)
	return ca
}

// guarded is an API that lets nobody in without a certificate it knows.
type guarded struct {
	*httptest.Server
	mu    sync.Mutex
	known *x509.CertPool
}

func newGuarded(t *testing.T, e *environment) *guarded {
	t.Helper()
	g := &guarded{known: x509.NewCertPool()}
	g.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	config := e.trusted.Issue("api.vendor.com").Config(t)
	g.TLS = config.Clone()
	g.TLS.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		g.mu.Lock()
		defer g.mu.Unlock()
		asking := config.Clone()
		asking.ClientAuth, asking.ClientCAs = tls.RequireAndVerifyClientCert, g.known.Clone()
		return asking, nil
	}
	g.Config.ErrorLog = log.New(io.Discard, "", 0)
	g.StartTLS()
	t.Cleanup(g.Close)
	return g
}

// register adds an authority, or a certificate that is its own.
func (g *guarded) register(t *testing.T, certificate string) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.known.AppendCertsFromPEM([]byte(certificate)) {
		t.Fatal("it is no certificate")
	}
}

// Proves client_certificate: a TLS listener, through the API.
func testMutualTLS(t *testing.T, e *environment, ann *actor) {
	system, clients := newGuarded(t, e), serverstest.NewAuthority(t, "Clients CA")
	system.register(t, clients.PEM)
	template := call(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "client_certificate", Name: "Guarded", StableKey: "guarded",
		Inputs: map[string]string{"baseUrl": system.URL, "verifyPath": "me"},
	})
	certified := func(ca *serverstest.Authority) fields {
		pair := ca.Issue("tenon")
		e.secrets.add("private key", pair.Key)
		return fields{"certificate": secretOf(pair.Certificate), "privateKey": secretOf(pair.Key)}
	}
	in := api.ConnectionCreate{TemplateID: template.ID, Name: "Guarded", Credential: certified(serverstest.NewAuthority(t, "Foreign CA"))}
	refused(t, ann, routes.ConnectionCreate, in, fault.CodeVerificationFailed)
	in.Credential = certified(clients)
	c := call(t, ann, routes.ConnectionCreate, in)
	if c.Status != "active" {
		t.Errorf("got status %s (%s)", c.Status, c.Reason)
	}
	enters(t, e, system, leased(t, ann, c.ID))

	in.Credential = nil
	c = call(t, ann, routes.ConnectionCreate, in)
	c = call(t, ann, routes.CredentialPut, api.CredentialPut{ConnectionID: c.ID, IfMatch: c.ETag(), Generate: true})
	promote := api.CredentialPromote{ConnectionID: c.ID, IfMatch: c.ETag()}
	refused(t, ann, routes.CredentialPromote, promote, fault.CodeVerificationFailed)
	system.register(t, c.PendingCredential.PublicKey)
	call(t, ann, routes.CredentialPromote, promote)
	values := leased(t, ann, c.ID)
	e.secrets.add("private key", values["privateKey"])
	enters(t, e, system, values)
}

// enters calls the system with the leased certificate.
func enters(t *testing.T, e *environment, g *guarded, values map[string]string) {
	t.Helper()
	pair, err := tls.X509KeyPair([]byte(values["certificate"]), []byte(values["privateKey"]))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(e.trusted.PEM))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}}}
	defer client.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.URL+"/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatalf("call with the leased certificate: %v", err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusNoContent {
		t.Errorf("the system answered %d, %v", res.StatusCode, err)
	}
}
