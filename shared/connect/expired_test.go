package connect_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// vaultDoor is a database that a client certificate opens, whatever it says.
func vaultDoor() catalog.Connector {
	c := drop()
	c.ID, c.Inputs = "door", c.Inputs[:2]
	c.Schemes = []catalog.Scheme{{
		ID: "database", Type: "database", Name: "Door", Server: &catalog.Server{Protocol: "postgres", Host: "{host}", Port: "{port}"},
		Fields: []catalog.Input{
			{Name: "username", Type: catalog.TypeText}, {Name: "clientCertificate", Type: catalog.TypeFile}, {Name: "clientKey", Type: catalog.TypeFile},
		},
		Apply: catalog.Placement{Values: map[string]string{
			"host": "{host}", "port": "{port}", "username": "{username}", "clientCertificate": "{clientCertificate}", "clientKey": "{clientKey}",
		}},
	}}
	return c
}

// dated is a client certificate that was made at the time.
func dated(t *testing.T, at time.Time) map[string]secret.Bytes {
	t.Helper()
	pair, err := method.ClientCertificate{}.Generate(rand.Reader, method.Target{Tenant: "acme"}, at)
	must(t, err)
	return map[string]secret.Bytes{
		"username": secret.FromString("ann"), "clientCertificate": pair["certificate"], "clientKey": pair["privateKey"],
	}
}

// A certificate that has ended is refused as that, before the system is asked,
// when it is given and when it is rolled back to. A lease ends with it.
func TestAnEndedCertificateIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := &dropServer{hostKey: "x"}
	w.Templates.Catalog.Added, w.Reach.Servers = []catalog.Connector{vaultDoor()}, everyone{asked}
	made := w.template("door", "database", nil)
	ask := connect.New{TemplateID: made.ID, Name: "Door", Inputs: map[string]string{"host": "db.vendor.com", "port": "5432"}}
	ask.Credential = dated(t, w.Now().AddDate(-3, 0, 0))
	_, err := w.Create(t.Context(), w.caller, ask)
	refused(t, err, fault.CodeValidationFailed)
	if f := fault.From(err); f.Detail != "The credential has expired." || asked.offered != 0 {
		t.Errorf("%q, %d logins", f.Detail, asked.offered)
	}
	w.nothing(made)

	ask.Credential = dated(t, w.Now())
	c, err := w.Create(t.Context(), w.caller, ask)
	must(t, err)
	if left := w.get(c.ID).Credential.ExpiresAt.Sub(w.Now()); left < 700*24*time.Hour || left > 730*24*time.Hour {
		t.Errorf("ends in %s", left)
	}
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", dated(t, w.Now().AddDate(-3, 0, 0)))
	refused(t, err, fault.CodeValidationFailed)
	_, err = w.StageCredential(t.Context(), w.caller, c.ID, "*", dated(t, w.Now().AddDate(0, 1, 0)))
	must(t, err)
	_, err = w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: "*", Grace: 1000 * 24 * time.Hour})
	must(t, err)
	w.clock.advance(740 * 24 * time.Hour)
	_, err = w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: "*", Version: 1})
	refused(t, err, fault.CodeValidationFailed)
}

// everyone lets everyone in.
type everyone struct{ *dropServer }

func (e everyone) Probe(_ context.Context, l method.Login) (method.Probe, error) {
	e.offered++
	return method.Probe{Outcome: catalog.OK, AccountID: "ann@" + l.Host}, nil
}
