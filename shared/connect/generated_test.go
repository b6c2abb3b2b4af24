package connect_test

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// welcoming is a system that knows every certificate.
type welcoming struct{}

func (welcoming) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}

func (w welcoming) Do(r *http.Request) (*http.Response, error) { return w.RoundTrip(r) }

func (w welcoming) Certified(tls.Certificate) *http.Client { return &http.Client{Transport: w} }

// uncertified is a connection that waits for its first certificate.
func uncertified(t *testing.T) (*world, connection.Connection) {
	w := newWorld(t)
	w.Reach.HTTP = welcoming{}
	made := w.template("custom-rest", "client_certificate", map[string]string{"baseUrl": "https://api.example.com/v1", "verifyPath": "me"})
	return w, w.pending(made)
}

// generated is one with a generated certificate that is pending.
func generated(t *testing.T) (*world, connection.Connection) {
	w, c := uncertified(t)
	must(t, w.generate(c.ID))
	return w, w.get(c.ID)
}

func (w *world) generate(id string) error {
	_, err := w.GenerateCredential(w.t.Context(), w.caller, id, "*")
	return err
}

func (w *world) register(id string) error {
	_, err := w.promote(id, 0, grace)
	return err
}

// certify puts a certificate that a person brings.
func (w *world) certify(id string) error {
	fields, err := method.ClientCertificate{}.Generate(rand.Reader, method.Target{Tenant: "acme"}, w.clock.now())
	must(w.t, err)
	_, err = w.PutCredential(w.t.Context(), w.caller, id, "*", fields)
	return err
}

// certified checks that the connection serves the certificate on its record, that
// the secret store holds the same, and that it labels nothing but what the
// record names, and unrecorded more that no record ever did.
func (w *world) certified(id string, unrecorded int) {
	w.t.Helper()
	c := w.get(id)
	if c.Credential == nil || c.Lifecycle != connection.Ready {
		w.t.Fatalf("%s, credential %v; want one in use", c.Lifecycle, c.Credential)
	}
	served, kept := w.hotCopy(id).Values, w.material(id).Fields
	if diff := cmp.Diff(c.Credential.PublicKey, served["certificate"].Reveal()); diff != "" || !equal(served["privateKey"], kept["privateKey"]) {
		w.t.Errorf("another certificate is current, or another key:\n%s", diff)
	}
	labels := w.stored.Labels(c.SecretName)
	if got := labels[c.Credential.At.Version]; len(got) != 1 || got[0] != currentLabel || len(c.Retiring) > 0 {
		w.t.Errorf("labels %v, to be retired %v", labels, c.Retiring)
	}
	if c.Pending == nil && c.Previous == nil && len(labels) > 1+unrecorded {
		w.t.Errorf("labels %v, want that of the version in use", labels)
	}
}

func equal(a, b secret.Bytes) bool { return a.Reveal() == b.Reveal() && !a.IsZero() }

// Wherever the making of a first key fails or its process dies, a repetition is
// complete, and what is pending can be promoted.
func TestGenerateRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*testing.T) (*world, connection.Connection){"first": uncertified, "again": generated} {
		probe, c := begin(t)
		n := probe.power.count()
		must(t, probe.generate(c.ID))
		for _, s := range strikes(probe.power.writes[n:]) {
			t.Run(fmt.Sprintf("%s %+v", name, s), func(t *testing.T) {
				t.Parallel()
				w, c := begin(t)
				w.power.cutAt(s.op, s.nth, s.after, s.dies)
				_ = w.generate(c.ID)
				w.power.on()
				if p := w.get(c.ID).Pending; p != nil && len(w.stored.Labels(c.SecretName)[p.At.Version]) == 0 {
					t.Error("the pending version has no label")
				}
				must(t, w.generate(c.ID))
				if got, want := w.get(c.ID).Lifecycle, connection.Pending; got != want {
					t.Errorf("lifecycle %s, want %s", got, want)
				}
				must(t, w.register(c.ID))
				w.certified(c.ID, 1) // What died before it was recorded was never shown to anyone.
			})
		}
	}
}

// Wherever the promotion of a first key fails or its process dies, a repetition
// is complete.
func TestFirstPromotionRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	probe, c := generated(t)
	n := probe.power.count()
	must(t, probe.register(c.ID))
	for _, s := range strikes(probe.power.writes[n:]) {
		t.Run(fmt.Sprintf("%+v", s), func(t *testing.T) {
			t.Parallel()
			w, c := generated(t)
			w.power.cutAt(s.op, s.nth, s.after, s.dies)
			_ = w.register(c.ID)
			w.power.on()
			if err := w.register(c.ID); err != nil && !fault.Has(err, fault.CodeConflict) {
				t.Fatalf("repeated: %v", err)
			}
			w.certified(c.ID, 0)
		})
	}
}
