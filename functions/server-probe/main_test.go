package main

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// server accepts one password and counts who comes.
type server struct{ logins int }

func (s *server) Probe(_ context.Context, l method.Login) (method.Probe, error) {
	s.logins++
	if l.Values["password"].Reveal() != "fake-password-of-acme" {
		return method.Probe{Outcome: catalog.AuthError}, nil
	}
	return method.Probe{Outcome: catalog.OK, AccountID: l.Host + ":" + l.Port, AccountName: l.Values["username"].Reveal()}, nil
}

// runtime invokes the handler as Lambda does.
type runtime func(context.Context, api.ServerProbe) (api.ServerProbed, error)

func (run runtime) Invoke(ctx context.Context, _ string, payload []byte) ([]byte, error) {
	var in api.ServerProbe
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	out, err := run(ctx, in)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

func login(password string) method.Login {
	return method.Login{
		Tenant: functionstest.Acme, Protocol: "sftp", Host: "files.acme.example", Port: "22",
		Values: map[string]secret.Bytes{"username": secret.FromString("acme"), "password": secret.FromString(password)},
	}
}

func TestServerProbe(t *testing.T) {
	t.Parallel()
	w, s := functionstest.New(t), new(server)
	asker := w.Asker(runtime(handle(w.Worker(s))))
	for password, want := range map[string]method.Probe{
		"fake-password-of-acme": {Outcome: catalog.OK, AccountID: "files.acme.example:22", AccountName: "acme"},
		"fake-password-of-last": {Outcome: catalog.AuthError},
	} {
		got, err := asker.Probe(t.Context(), login(password))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("probe (-want +got):\n%s", diff)
		}
	}
}

// The sample event is a request of another day, sealed by nobody.
func TestServerProbeRefusesTheSample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(functionstest.Event("server-probe"))
	if err != nil {
		t.Fatal(err)
	}
	var in api.ServerProbe
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	w, s := functionstest.New(t), new(server)
	run := handle(w.Worker(s))
	for at, want := range map[time.Time]string{
		time.Unix(in.SealedAt, 0):                    "kms_integrity",
		time.Unix(in.SealedAt, 0).Add(2 * time.Hour): "invalid_body",
	} {
		w.At(at)
		if out, err := run(t.Context(), in); err == nil || err.Error() != want {
			t.Errorf("at %v: got %+v, %v; want %s", at, out, err, want)
		}
	}
	if s.logins > 0 {
		t.Error("the server was asked")
	}
}
