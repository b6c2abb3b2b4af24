package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// AUD-04: a tenant that is removed and shared its KMS key with others leaves no data
// key and no secret, the others have their key, and the receipt says until when
// backups still hold what would open.
func TestAUD04OffboardingWithSharedKey(t *testing.T) {
	t.Parallel()
	w := leave(t, functionstest.NewShared(t))
	left := others(w)
	acme, globex := w.Tenant(functionstest.Acme), w.Tenant(functionstest.Globex)
	sealed := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	walker := w.Offboarder()
	finish(t, w, walker)
	wantGone(t, w, left)
	w.Unchanged(func() { finish(t, w, walker) })
	if _, err := w.Lease().Sealer.Open(t.Context(), sealed.Place(), sealed.Lease); !fault.Has(err, fault.CodeTenantRemoved) {
		t.Errorf("what was sealed for the tenant: %v", err)
	}
	if diff := cmp.Diff(globex, w.Tenant(functionstest.Globex)); diff != "" {
		t.Errorf("another tenant (-before +after):\n%s", diff)
	}
	keys := walker.Suspended.(*tenant.Checker).Keys
	if _, err := keys.Unwrap(t.Context(), globex.Key.KeyARN, globex.Key.Blob, vault.Binding(functionstest.Globex)); err != nil {
		t.Errorf("the key of the others: %v", err)
	}
	wantSharedReceipt(t, w)

	// What a backup holds opens for who may use the key, and in its own place only.
	if _, err := keys.Unwrap(t.Context(), acme.Key.KeyARN, acme.Key.Blob, vault.Binding(functionstest.Acme)); err != nil {
		t.Errorf("a copy of the data key: %v; the documentation says that it opens", err)
	}
	if _, err := keys.Unwrap(t.Context(), acme.Key.KeyARN, acme.Key.Blob, vault.Binding(functionstest.Globex)); err == nil {
		t.Error("a copy of the data key opens for another tenant")
	}
}

func wantSharedReceipt(t *testing.T, w *functionstest.World) {
	t.Helper()
	shown := w.Tenant(functionstest.Acme).API()
	var done []string
	for _, s := range shown.Offboarding.Steps {
		if s.At != nil {
			done = append(done, s.Step)
		}
	}
	want := []string{"blocked", "flows", "revoked", "connections", "templates", "webhooks", "settings", "signing_keys", "data_key"}
	if diff := cmp.Diff(want, done); diff != "" || !shown.KeyShared {
		t.Errorf("shared %t, steps (-want +got):\n%s", shown.KeyShared, diff)
	}
	o := w.Tenant(functionstest.Acme).Offboarding
	until := o.Step(tenant.StepDataKey).At.Add(35 * 24 * time.Hour)
	if shown.Offboarding.KeyDeletionAt != nil || shown.Offboarding.BackupsUntil == nil || !shown.Offboarding.BackupsUntil.Equal(until) {
		t.Errorf("receipt %+v, want backups until %s", shown.Offboarding, until)
	}
}

// silent is a bus that takes no event.
type silent struct{}

func (silent) Publish(context.Context, notify.Event) error { return errPower }

// The receipt does not say that the data key is gone before it is, whatever holds up
// the rest of the removal.
func TestDataKeyIsGoneWhenTheReceiptSaysSo(t *testing.T) {
	t.Parallel()
	w := leave(t, functionstest.NewShared(t))
	walker := w.Offboarder()
	walker.Events = silent{}
	for range 5 {
		w.At(w.Now().Add(2 * time.Minute))
		_ = walker.Due(t.Context(), "run", due.Item{Tenant: functionstest.Acme, Kind: due.Tenant, ID: "tenant", At: w.Now()})
		for _, x := range switches(t, w) {
			if err := w.Reconciler().Due(t.Context(), "run", due.Item{Tenant: auth.Organization, Kind: due.KillSwitch, ID: x.ID, At: w.Now()}); err != nil {
				t.Error(err)
			}
		}
	}
	r := w.Tenant(functionstest.Acme)
	if r.State != tenant.Leaving || r.Offboarding.Step(tenant.StepDataKey) == nil || len(r.Key.Blob) > 0 {
		t.Errorf("%s, data key of %d bytes, receipt %+v", r.State, len(r.Key.Blob), r.Offboarding)
	}
}

// A tenant that was made with a KMS key of its own loses that key, whatever new ones
// get now.
func TestOffboardingAfterTheModeChanged(t *testing.T) {
	t.Parallel()
	w := leave(t, functionstest.New(t))
	w.ShareKey()
	finish(t, w, w.Offboarder())
	if o := w.Tenant(functionstest.Acme).API().Offboarding; o.KeyDeletionAt == nil || o.BackupsUntil != nil {
		t.Errorf("receipt %+v", o)
	}
}
