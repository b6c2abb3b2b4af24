//go:debug rsa1024min=0

package method_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// generated makes a certificate as a connection would get one.
func generated(t *testing.T) map[string]secret.Bytes {
	t.Helper()
	fields, err := method.ClientCertificate{}.Generate(rand.Reader, method.Target{Tenant: "acme"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

// mutual is a TLS listener that demands a certificate and knows those of accepted.
func mutual(t *testing.T, version uint16, accepted ...map[string]secret.Bytes) (method.Target, *egress.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"id":%q}`, r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: x509.NewCertPool(), MaxVersion: version}
	for _, fields := range accepted {
		server.TLS.ClientCAs.AppendCertsFromPEM([]byte(fields["certificate"].Reveal()))
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	target := methodtest.Target("client_certificate")
	target.Connector.Hosts = []string{"{baseUrl}"}
	target.Values = map[string]catalog.Value{"baseUrl": {Type: catalog.TypeURL, Text: server.URL}}
	target.Connector.Verify = &catalog.Request{Method: "GET", URL: "{baseUrl}/me", Account: &catalog.AccountPath{ID: "id"}}
	return target, egress.New(egress.Config{InsecureLoopback: true, Roots: roots})
}

func apply(t *testing.T, fields map[string]secret.Bytes) vault.Leasable {
	t.Helper()
	l, err := method.ClientCertificate{}.Apply(methodtest.Target("client_certificate"), fields, method.Token{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The listener tells a certificate it knows from one that it does not, in both
// versions of TLS; what the handshake says is an answer about the credential.
//
// Proves client_certificate: a TLS listener that verifies its clients, by TLS 1.2
// and 1.3.
func TestClientCertificateAgainstAListener(t *testing.T) {
	t.Parallel()
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			known := generated(t)
			target, client := mutual(t, version, known)
			reach := method.Reach{HTTP: client}
			got, err := method.Verify(t.Context(), reach, target, apply(t, known))
			if err != nil || got.Outcome != catalog.OK || got.AccountID != "Tenon acme" {
				t.Errorf("known: got %+v, %v", got, err)
			}
			got, err = method.Verify(t.Context(), reach, target, apply(t, generated(t)))
			if err != nil || got.Outcome != catalog.AuthError || got.Message == "" {
				t.Errorf("unknown: got %+v, %v, want %s", got, err, catalog.AuthError)
			}
			stranger := egress.New(egress.Config{InsecureLoopback: true, Roots: x509.NewCertPool()})
			got, err = method.Verify(t.Context(), method.Reach{HTTP: stranger}, target, apply(t, known))
			if err != nil || got.Outcome != catalog.TLSError {
				t.Errorf("the listener's own certificate is not trusted: got %+v, %v, want %s", got, err, catalog.TLSError)
			}
		})
	}
}

func TestClientCertificateNetwork(t *testing.T) {
	t.Parallel()
	target, client := mutual(t, tls.VersionTLS13)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target.Values["baseUrl"] = catalog.Value{Type: catalog.TypeURL, Text: "https://" + l.Addr().String()}
	l.Close()
	got, err := method.Verify(t.Context(), method.Reach{HTTP: client}, target, apply(t, generated(t)))
	if err != nil || got.Outcome != catalog.NetworkError {
		t.Errorf("got %+v, %v, want %s", got, err, catalog.NetworkError)
	}
	if _, err := method.Verify(t.Context(), via(nil), target, apply(t, generated(t))); !fault.Has(err, fault.CodeSchemeMismatch) {
		t.Errorf("without a way to show it: got %v", err)
	}
}

// A PKCS#12 file in either of the encodings in use gives the same PEM files as
// they would have given.
func TestPKCS12(t *testing.T) {
	t.Parallel()
	fields := generated(t)
	pair, err := tls.X509KeyPair([]byte(pemOf(fields, "certificate")), []byte(pemOf(fields, "privateKey")))
	if err != nil {
		t.Fatal(err)
	}
	for name, encoder := range map[string]*pkcs12.Encoder{"legacy": pkcs12.LegacyDES, "modern": pkcs12.Modern2023} {
		file, err := encoder.Encode(pair.PrivateKey, pair.Leaf, nil, "open-sesame")
		if err != nil {
			t.Fatal(err)
		}
		bundle := base64.StdEncoding.EncodeToString(file)
		given := given("pkcs12", bundle[:64]+"\n"+bundle[64:], "passphrase", "open-sesame")
		if got, want := apply(t, given), apply(t, fields); got.Values["certificate"].Reveal() != want.Values["certificate"].Reveal() || got.Values["privateKey"].Reveal() != want.Values["privateKey"].Reveal() {
			t.Errorf("%s: other files", name)
		}
		d := method.ClientCertificate{}.Describe(given)
		if d.User == "" || !d.ExpiresAt.Equal(pair.Leaf.NotAfter) || !strings.Contains(d.PublicKey, "BEGIN CERTIFICATE") || strings.Contains(d.PublicKey, "KEY") {
			t.Errorf("%s: described as %+v", name, d)
		}
	}
}

func pemOf(fields map[string]secret.Bytes, name string) string { return fields[name].Reveal() }

func TestClientCertificateIsChecked(t *testing.T) {
	t.Parallel()
	a, b := generated(t), generated(t)
	short, shortKey := weakPair(t)
	for name, c := range map[string]struct {
		fields  map[string]secret.Bytes
		pointer string
	}{
		"nothing":            {nil, "/credential/certificate"},
		"no key":             {given("certificate", pemOf(a, "certificate")), "/credential/privateKey"},
		"another's key":      {given("certificate", pemOf(a, "certificate"), "privateKey", pemOf(b, "privateKey")), "/credential/privateKey"},
		"no certificate":     {given("certificate", "canary", "privateKey", pemOf(a, "privateKey")), "/credential/certificate"},
		"key as certificate": {given("certificate", pemOf(a, "privateKey"), "privateKey", pemOf(a, "privateKey")), "/credential/certificate"},
		"short RSA key":      {given("certificate", short, "privateKey", shortKey), "/credential/certificate"},
		"both forms":         {given("certificate", pemOf(a, "certificate"), "pkcs12", "canary"), "/credential/pkcs12"},
		"no Base64":          {given("pkcs12", "canary!"), "/credential/pkcs12"},
		"no PKCS#12":         {given("pkcs12", base64.StdEncoding.EncodeToString([]byte("canary"))), "/credential/pkcs12"},
		"wrong passphrase":   {given("pkcs12", bundleOf(t, a), "passphrase", "canary"), "/credential/passphrase"},
	} {
		err := method.ClientCertificate{}.Check(methodtest.Target("client_certificate"), c.fields)
		f := fault.From(err)
		if f.Code != fault.CodeValidationFailed || len(f.Fields) != 1 || f.Fields[0].Pointer != c.pointer {
			t.Errorf("%s: got %v with %v, want a problem at %s", name, err, f.Fields, c.pointer)
		}
		if strings.Contains(fmt.Sprintf("%+v %v", f, err), "canary") {
			t.Errorf("%s: the error quotes what was given", name)
		}
	}
}

func bundleOf(t *testing.T, fields map[string]secret.Bytes) string {
	t.Helper()
	pair, err := tls.X509KeyPair([]byte(pemOf(fields, "certificate")), []byte(pemOf(fields, "privateKey")))
	if err != nil {
		t.Fatal(err)
	}
	file, err := pkcs12.Modern2023.Encode(pair.PrivateKey, pair.Leaf, nil, "open-sesame")
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(file)
}

// weakPair is a certificate of an RSA key of 1024 bits.
func weakPair(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "short"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)})
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(encoded)
}
