package method_test

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

var certificateEnd = time.Date(2027, 11, 20, 9, 0, 0, 0, time.UTC)

// clientCertificate returns a certificate and its key, in PEM form.
func clientCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	private := ed25519Key(t)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ann"}, NotBefore: certificateEnd.AddDate(-1, 0, 0), NotAfter: certificateEnd}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}))
}

func TestDatabaseCheck(t *testing.T) {
	t.Parallel()
	certificate, key := clientCertificate(t)
	other, otherKey := clientCertificate(t)
	shown := method.Description{User: "ann", PublicKey: certificate, ExpiresAt: certificateEnd}
	tests := []struct {
		name   string
		fields map[string]secret.Bytes
		shown  method.Description
		wrong  []string
	}{
		{"a password", given("username", "ann", "password", "canary"), method.Description{User: "ann"}, nil},
		{"authorities", given("username", "ann", "ca", "# Ours\n"+certificate+"\n"+other), method.Description{User: "ann"}, nil},
		{"a client certificate", given("username", "ann", "clientCertificate", certificate, "clientKey", key), shown, nil},
		{"no authority", given("username", "ann", "ca", "canary"), method.Description{User: "ann"}, []string{"/credential/ca"}},
		{"an authority cut short", given("username", "ann", "ca", certificate+other[:len(other)/2]), method.Description{User: "ann"}, []string{"/credential/ca"}},
		{"a key as authority", given("username", "ann", "ca", key), method.Description{User: "ann"}, []string{"/credential/ca"}},
		{"no key", given("username", "ann", "clientCertificate", certificate), method.Description{User: "ann"}, []string{"/credential/clientKey"}},
		{"no certificate", given("username", "ann", "clientKey", key), method.Description{User: "ann"}, []string{"/credential/clientCertificate"}},
		{"a certificate of no form", given("username", "ann", "clientCertificate", "canary", "clientKey", key), method.Description{User: "ann"}, []string{"/credential/clientCertificate"}},
		{"another key", given("username", "ann", "clientCertificate", certificate, "clientKey", otherKey), method.Description{User: "ann"}, []string{"/credential/clientKey"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.wrong, pointers(t, method.Database{}.Check(methodtest.Target("database"), test.fields))); diff != "" {
				t.Errorf("wrong fields (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.shown, method.Database{}.Describe(test.fields)); diff != "" {
				t.Errorf("description (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDatabaseVerify(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("database")
	target.Values = map[string]catalog.Value{"database": {Type: catalog.TypeText, Text: "orders"}}
	r := &recorder{answer: method.Probe{Outcome: catalog.OK, AccountID: "ann@db.example.com"}}
	p, err := method.Verify(t.Context(), method.Reach{Servers: r}, target, vault.Leasable{Values: given("username", "ann")})
	if err != nil || !cmp.Equal(p, r.answer) {
		t.Errorf("got %+v, %v", p, err)
	}
	if r.login.Protocol != "postgres" || r.login.Host != "db.example.com" || r.login.Port != "5432" {
		t.Errorf("login at %s:%s by %s", r.login.Host, r.login.Port, r.login.Protocol)
	}
	if got := revealed(r.login.Values); !cmp.Equal(got, map[string]string{"username": "ann", "database": "orders"}) {
		t.Errorf("values %v", got)
	}
}
