package walktest_test

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// walkCertificate walks as with any static credential: the account's certificate
// is one that a person brings.
func walkCertificate(t *testing.T, w *world) {
	w.provider.Fields, w.provider.Wrong = newCertificate(t, w), newCertificate(t, w)
	walkStatic(t, w)
}

func newCertificate(t *testing.T, w *world) map[string]string {
	t.Helper()
	made, err := method.ClientCertificate{}.Generate(rand.Reader, method.Target{Tenant: "acme", Connector: w.provider.Connector}, w.tick())
	must(t, err)
	fields := map[string]string{}
	for name, value := range made {
		fields[name] = value.Reveal()
	}
	return fields
}

// customCertificate is the world of a system that takes client certificates and
// knows none yet.
func customCertificate(t *testing.T) *world {
	c, err := catalog.Catalog{}.Load("custom-rest")
	must(t, err)
	s, ok := c.Scheme("client_certificate")
	if !ok {
		t.Fatal("there is no such scheme")
	}
	return newWorld(t, c, s, false, func(p *catalogtest.Provider) { p.Fields = nil })
}

func (w *world) generate(id string) (connection.Connection, error) {
	return w.connects.Put(w.t.Context(), ann(), api.CredentialPut{ConnectionID: id, IfMatch: "*", Generate: true})
}

func (w *world) promote(id string) (connection.Connection, error) {
	return w.connects.Promote(w.t.Context(), ann(), connect.Promotion{ConnectionID: id, IfMatch: "*", Grace: time.Hour})
}

// register makes the pending certificate the one the system knows.
func (w *world) register(c connection.Connection) string {
	w.t.Helper()
	block, _ := pem.Decode([]byte(c.Pending.PublicKey))
	if block == nil {
		w.t.Fatal("the public half is no PEM file")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	must(w.t, err)
	if life := certificate.NotAfter.Sub(certificate.NotBefore); life > 730*24*time.Hour || !certificate.NotAfter.After(w.tick().AddDate(1, 11, 0)) {
		w.t.Errorf("the certificate lasts %s, want nearly two years", life)
	}
	w.provider.Fields = map[string]string{"certificate": c.Pending.PublicKey}
	return c.Pending.PublicKey
}

// A generated certificate is of no use before the system knows it; nobody but
// the lease ever shows its key.
func TestGeneratedCertificate(t *testing.T) {
	t.Parallel()
	w := customCertificate(t)
	c, err := w.create(t.Context(), nil)
	must(t, err)
	staged, err := w.generate(c.ID)
	must(t, err)
	if staged.Credential != nil || staged.Lifecycle != connection.Pending || staged.Pending == nil {
		t.Fatalf("got %+v, want a pending credential and no other", staged.Credential)
	}
	if _, err := w.promote(c.ID); !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("promoted before it is registered: %v", err)
	}
	if _, err := w.lease(c.ID); err == nil {
		t.Error("a lease before the certificate is registered")
	}
	first := w.register(staged)
	promoted, err := w.promote(c.ID)
	must(t, err)
	if promoted.Pending != nil || promoted.Credential == nil || promoted.Credential.ExpiresAt.IsZero() || promoted.Credential.PublicKey != first {
		t.Errorf("got %+v, want the certificate with its end", promoted.Credential)
	}
	w.wantLeased(t, c.ID, first)

	next, err := w.generate(c.ID)
	must(t, err)
	w.wantLeased(t, c.ID, first) // It goes on serving.
	second := w.register(next)
	if _, err := w.promote(c.ID); err != nil {
		t.Fatal(err)
	}
	w.wantLeased(t, c.ID, second)
	w.end(t, c.ID)
	w.nothing()
}

// wantLeased checks that a runtime gets the certificate with a key that fits it.
func (w *world) wantLeased(t *testing.T, id, certificate string) {
	t.Helper()
	l, err := w.lease(id)
	must(t, err)
	if l.Credential.Values["certificate"].Reveal() != certificate || l.Credential.Values["privateKey"].IsZero() {
		t.Error("the lease holds another certificate, or no key")
	}
}

// A second request for a key forgets the first one.
func TestGeneratedAgain(t *testing.T) {
	t.Parallel()
	w := customCertificate(t)
	c, err := w.create(t.Context(), nil)
	must(t, err)
	first, err := w.generate(c.ID)
	must(t, err)
	second, err := w.generate(c.ID)
	must(t, err)
	if first.Pending.PublicKey == second.Pending.PublicKey || second.Pending.Version != first.Pending.Version+1 {
		t.Error("the second credential is the first")
	}
	if labels := w.secrets.Labels(first.Pending.At.Secret); len(labels) != 1 || len(labels[second.Pending.At.Version]) == 0 {
		t.Errorf("labels: got %v, want that of the second version only", labels)
	}
	if _, err := w.connects.Discard(t.Context(), ann(), c.ID, "*", 0); err != nil {
		t.Fatal(err)
	}
	if left := w.get(c.ID); left.Pending != nil || left.Credential != nil {
		t.Error("a discarded credential is left")
	}
	_, err = w.connects.Disconnect(t.Context(), ann(), c.ID, "*")
	must(t, err)
	w.nothing()
}

// What cannot be generated changes nothing.
func TestGenerateIsRefused(t *testing.T) {
	t.Parallel()
	c, err := catalog.Catalog{}.Load("stripe")
	must(t, err)
	w := newWorld(t, c, c.Schemes[0], true, nil)
	connected := w.connected()
	if _, err := w.generate(connected.ID); !fault.Has(err, fault.CodeSchemeMismatch) {
		t.Errorf("got %v, want %s", err, fault.CodeSchemeMismatch)
	}
	given := api.CredentialPut{ConnectionID: connected.ID, IfMatch: "*", Generate: true, Credential: concealed(w.provider.Fields)}
	if _, err := w.connects.Put(t.Context(), ann(), given); !fault.Has(err, fault.CodeValidationFailed) {
		t.Errorf("got %v, want %s", err, fault.CodeValidationFailed)
	}
	if w.get(connected.ID).Pending != nil {
		t.Error("a credential is pending")
	}
}
