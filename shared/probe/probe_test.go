package probe_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/probe"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var (
	_ method.Prober = probe.Asker{}

	now = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
)

// prober answers every login alike and keeps them.
type prober struct {
	logins []method.Login
	answer method.Probe
	err    error
}

func (p *prober) Probe(ctx context.Context, l method.Login) (method.Probe, error) {
	if deadline, bounded := ctx.Deadline(); !bounded || time.Until(deadline) > 10*time.Second {
		return method.Probe{}, errors.New("the login may take longer than anybody waits")
	}
	p.logins = append(p.logins, l)
	return p.answer, p.err
}

// rig is an asker and its worker, with what went between them. Between may
// change the request.
type rig struct {
	probe.Asker
	worker  probe.Worker
	servers *prober
	now     time.Time
	between func(*api.ServerProbe)
	sent    []byte
	failed  error // Of the worker.
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{servers: &prober{answer: method.Probe{Outcome: catalog.OK}}, now: now, between: func(*api.ServerProbe) {}}
	clock := func() time.Time { return r.now }
	keys, tenants := new(vaulttest.Keys), dataKeys{}
	for _, name := range []string{"acme", "globex"} {
		arn, err := keys.CreateTenantKey(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		_, wrapped, err := keys.NewDataKey(t.Context(), arn, vault.Binding(name))
		if err != nil {
			t.Fatal(err)
		}
		tenants[name] = vault.WrappedKey{KeyARN: arn, Blob: wrapped, Version: 1}
	}
	sealer := func() *vault.Sealer { return &vault.Sealer{Keys: keys, DataKeys: tenants, Now: clock} }
	r.Asker = probe.Asker{Functions: r, Function: "the worker", Sealer: sealer(), Now: clock}
	r.worker = probe.Worker{Servers: r.servers, Sealer: sealer(), Now: clock}
	return r
}

type dataKeys map[string]vault.WrappedKey

func (k dataKeys) DataKey(_ context.Context, tenant string) (vault.WrappedKey, error) {
	found, ok := k[tenant]
	if !ok {
		return found, fault.New(fault.NotFound, fault.CodeTenantUnknown, "There is no such tenant.")
	}
	return found, nil
}

func (r *rig) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	if function != "the worker" {
		return nil, errors.New("another function")
	}
	r.sent = payload
	var in api.ServerProbe
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	r.between(&in)
	out, err := r.worker.Probe(ctx, in)
	if r.failed = err; err != nil {
		return nil, fault.New(fault.Unavailable, fault.CodeRetryLater, "Not available.").Because(errors.New("Unhandled"))
	}
	return json.Marshal(out)
}

func login() method.Login {
	return method.Login{
		Tenant: "acme", Protocol: "postgres", Host: "db.acme.example", Port: "5432",
		Values: map[string]secret.Bytes{"username": secret.FromString("canary-user"), "password": secret.FromString("canary-password")},
	}
}

var revealed = cmp.Comparer(secret.Bytes.Equal)

func TestProbe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.servers.answer = method.Probe{
		Outcome: catalog.PermissionError, Message: "The database does not exist.", AccountID: "acme", AccountName: "Acme",
		HostKey: "SHA256:abc", Members: map[string]any{"version": json.Number("17")},
	}
	got, err := r.Probe(t.Context(), login())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.servers.answer, got); diff != "" {
		t.Errorf("probe (-server +asker):\n%s", diff)
	}
	if diff := cmp.Diff([]method.Login{login()}, r.servers.logins, revealed); diff != "" {
		t.Errorf("logins (-asked +tried):\n%s", diff)
	}
	for _, plain := range []string{"canary", "db.acme.example", "5432", "postgres"} {
		if strings.Contains(string(r.sent), plain) {
			t.Errorf("the event has %q in it: %s", plain, r.sent)
		}
	}
	first := r.sent
	if _, err := r.Probe(t.Context(), login()); err != nil || string(first) == string(r.sent) {
		t.Errorf("two requests are the same; %v", err)
	}
}

// Whoever holds an event of the worker, or may write one, learns nothing from
// it and sends no login anywhere.
func TestForgedRequestsAreNotTried(t *testing.T) {
	t.Parallel()
	other := newRig(t) // Another stage: the same names under other keys.
	if _, err := other.Probe(t.Context(), login()); err != nil {
		t.Fatal(err)
	}
	var foreign api.ServerProbe
	if err := json.Unmarshal(other.sent, &foreign); err != nil {
		t.Fatal(err)
	}
	const old = "prb_01M7W2Y7M00000000000000001"
	for name, test := range map[string]struct {
		change func(*rig, *api.ServerProbe)
		want   fault.Code
	}{
		"another tenant":     {func(_ *rig, in *api.ServerProbe) { in.Tenant = "globex" }, fault.CodeKeyIntegrity},
		"unknown tenant":     {func(_ *rig, in *api.ServerProbe) { in.Tenant = "initech" }, ""},
		"no tenant":          {func(_ *rig, in *api.ServerProbe) { in.Tenant = "" }, fault.CodeInvalidBody},
		"another request":    {func(_ *rig, in *api.ServerProbe) { in.ID = old }, fault.CodeKeyIntegrity},
		"no request":         {func(_ *rig, in *api.ServerProbe) { in.ID = "" }, fault.CodeInvalidBody},
		"another kind of id": {func(_ *rig, in *api.ServerProbe) { in.ID = id.Maker{}.New(id.Connection) }, fault.CodeInvalidBody},
		"another time":       {func(_ *rig, in *api.ServerProbe) { in.SealedAt++ }, fault.CodeKeyIntegrity},
		"another stage":      {func(_ *rig, in *api.ServerProbe) { *in = foreign }, fault.CodeKeyIntegrity},
		"changed":            {func(_ *rig, in *api.ServerProbe) { in.Sealed[len(in.Sealed)-1] ^= 1 }, fault.CodeKeyIntegrity},
		"nothing sealed":     {func(_ *rig, in *api.ServerProbe) { in.Sealed = nil }, fault.CodeKeyIntegrity},
		"replayed later":     {func(r *rig, _ *api.ServerProbe) { r.now = now.Add(61 * time.Second) }, fault.CodeInvalidBody},
		"made for later":     {func(r *rig, _ *api.ServerProbe) { r.now = now.Add(-61 * time.Second) }, fault.CodeInvalidBody},
		"replayed with the time changed": {func(r *rig, in *api.ServerProbe) {
			r.now = now.Add(time.Hour)
			in.SealedAt = r.now.Unix()
		}, fault.CodeKeyIntegrity},
		"sealed for something else": {func(r *rig, in *api.ServerProbe) {
			place := vault.Place{Tenant: in.Tenant, Resource: in.ID, Purpose: vault.PurposeLease, Version: int(in.SealedAt)}
			in.Sealed = r.sealed(t, place, `{"protocol":"sftp","host":"evil.example","port":"22"}`)
		}, fault.CodeKeyIntegrity},
		"no login": {func(r *rig, in *api.ServerProbe) {
			place := vault.Place{Tenant: in.Tenant, Resource: in.ID, Purpose: vault.PurposeProbe, Version: int(in.SealedAt)}
			in.Sealed = r.sealed(t, place, `{"protocol":"sftp","values":{"password":"canary-password"}}`)
		}, fault.CodeInvalidBody},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.between = func(in *api.ServerProbe) { test.change(r, in) }
			_, err := r.Probe(t.Context(), login())
			wantTrouble(t, err)
			if len(r.servers.logins) > 0 {
				t.Error("the server was asked")
			}
			if r.failed == nil || test.want != "" && r.failed.Error() != string(test.want) {
				t.Errorf("the worker says %v, want %s", r.failed, test.want)
			}
		})
	}
}

// sealed is what an asker with other intentions would send.
func (r *rig) sealed(t *testing.T, place vault.Place, text string) []byte {
	t.Helper()
	sealed, err := r.Sealer.Seal(t.Context(), place, secret.FromString(text))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// wantTrouble: the caller is told to repeat the request, nothing of the account.
func wantTrouble(t *testing.T, err error) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Unavailable || f.Code != fault.CodeRetryLater || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v, want retry_later", err)
	}
}
