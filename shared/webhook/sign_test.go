package webhook_test

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/webhook"
)

const address = "https://hooks.acme.com/tenon"

// The example of the specification.
func TestWHK01SignatureIsThatOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	must(t, err)
	got := webhook.Signature([]secret.Bytes{secret.New(key)}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWHK01ReceiversVerify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, key := w.make(address)
	_, other := w.make(address)
	if r := w.send(e); r.Outcome != webhook.Delivered || r.Status != 200 {
		t.Fatalf("got %+v", r)
	}
	got := w.last()
	must(t, got.Verify(key))
	if err := got.Verify(other); !errors.Is(err, standardwebhooks.ErrNoMatchingSignature) {
		t.Errorf("by another's secret: got %v", err)
	}
	for name, change := range map[string]func(){
		"the body": func() { got.Body[10] ^= 1 },
		"the id":   func() { got.Header.Set("webhook-id", "evt_2") },
		"the time": func() { got.Header.Set("webhook-timestamp", "1") },
	} {
		w.send(e)
		got = w.last()
		change()
		if got.Verify(key) == nil {
			t.Errorf("%s was changed, and it verifies", name)
		}
	}
}

func TestWHK01ReplayIsRefusedAfterFiveMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, key := w.make(address)
	w.now = w.now.Add(-4 * time.Minute)
	w.send(e)
	must(t, w.last().Verify(key))
	w.now = w.now.Add(-2 * time.Minute)
	w.send(e)
	if err := w.last().Verify(key); !errors.Is(err, standardwebhooks.ErrMessageTooOld) {
		t.Errorf("got %v, want that it is too old", err)
	}
}

func TestWHK01BothSecretsSignDuringARotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.now = w.now.Add(-24 * time.Hour) // The rotation ends now.
	e, first := w.make(address)
	second := w.rotate(e)
	verified := func(want map[string]bool) {
		t.Helper()
		w.send(e)
		got := w.last()
		for key, want := range want {
			if err := got.VerifySignature(key); (err == nil) != want {
				t.Errorf("got %v, want verified %v", err, want)
			}
		}
	}
	verified(map[string]bool{first: true, second: true})
	third := w.rotate(e)
	verified(map[string]bool{first: true, second: true, third: true})
	w.now = w.now.Add(24*time.Hour - 1)
	verified(map[string]bool{first: true, second: true, third: true})
	w.now = w.now.Add(1)
	verified(map[string]bool{first: false, second: false, third: true})
	must(t, w.last().Verify(third))
}

// Of two that rotate at once one is told to look again: nobody is shown a secret
// that does not sign.
func TestRotatedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, _ := w.make(address)
	inner := *w.Service
	inner.Random = meanwhile{w.Random.Read, func() { w.rotate(e) }}
	_, _, err := inner.Rotate(t.Context(), caller("acme"), e.ID, "")
	refused(t, err, fault.CodePreconditionFailed)
}

// meanwhile lets something happen while a secret is drawn.
type meanwhile struct {
	read func([]byte) (int, error)
	do   func()
}

func (m meanwhile) Read(p []byte) (int, error) {
	m.do()
	return m.read(p)
}

func TestCreateRepeatedShowsTheSameSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := webhook.New{Key: "k-1", Fingerprint: "f", URL: address}
	e, key, err := w.Create(t.Context(), caller("acme"), n)
	must(t, err)
	again, repeated, err := w.Create(t.Context(), caller("acme"), n)
	if err != nil || again.ID != e.ID || !repeated.Equal(key) {
		t.Errorf("got %s, %v", again.ID, err)
	}
}

// A secret is shown again to whom it was shown, and not once it was replaced or
// its endpoint is gone.
func TestCreateRepeatedDoesNotShowTheSecretForEver(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		by   string
		do   func(*world, webhook.Endpoint)
		want fault.Code
	}{
		"rotated":           {"ann", func(w *world, e webhook.Endpoint) { w.rotate(e) }, fault.CodeConflict},
		"rotated long ago":  {"ann", func(w *world, e webhook.Endpoint) { w.rotate(e); w.now = w.now.Add(20 * time.Hour) }, fault.CodeConflict},
		"by somebody else":  {"bo", func(*world, webhook.Endpoint) {}, fault.CodeConflict},
		"deleted meanwhile": {"ann", func(w *world, e webhook.Endpoint) { must(t, w.Delete(t.Context(), caller("acme"), e.ID, "")) }, fault.CodeNotFound},
	} {
		w := newWorld(t)
		n := webhook.New{Key: "k-1", Fingerprint: "f", URL: address}
		e, _, err := w.Create(t.Context(), caller("acme"), n)
		must(t, err)
		test.do(w, e)
		by := caller("acme")
		by.Subject = test.by
		_, shown, err := w.Create(t.Context(), by, n)
		if !fault.Has(err, test.want) || !shown.IsZero() {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

func TestUnknownTenantGetsNoEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _, err := w.Create(t.Context(), caller("unknown"), webhook.New{URL: address})
	refused(t, err, fault.CodeTenantUnknown)
}
