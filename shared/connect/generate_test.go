package connect_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// keyring lets in who comes with a key under the name of ann.
type keyring struct{ *dropServer }

func (k keyring) Probe(ctx context.Context, l method.Login) (method.Probe, error) {
	if l.Values[method.ValuePrivateKey].IsZero() {
		return k.dropServer.Probe(ctx, l)
	}
	p := method.Probe{Outcome: catalog.AuthError, HostKey: k.hostKey}
	if l.Values[method.ValueUser].Reveal() == "ann" && l.Values[method.ValuePassword].IsZero() {
		p.Outcome, p.AccountID = catalog.OK, "ann@"+l.Host
	}
	return p, nil
}

// A key that is made takes the place of a password, and the user stays who it is.
func TestAGeneratedKeyIsOfTheSameUser(t *testing.T) {
	t.Parallel()
	w, s, made := dropped(t)
	w.Reach.Servers = keyring{s}
	c, err := w.createDrop(made, s.hostKey, password)
	must(t, err)
	c, err = w.GenerateCredential(t.Context(), w.caller, c.ID, "*")
	must(t, err)
	if c.Pending == nil || c.Pending.User != "ann" || !strings.HasPrefix(c.Pending.PublicKey, "ecdsa-sha2-nistp256 ") {
		t.Fatalf("pending %+v", c.Pending)
	}
	c, err = w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: "*"})
	must(t, err)
	leased := w.hotCopy(c.ID).Values
	if leased["username"].Reveal() != "ann" || leased["privateKey"].IsZero() || !leased["password"].IsZero() {
		t.Errorf("leased %d values", len(leased))
	}
}

// Without a user there is nobody whose key it would be.
func TestAKeyIsGeneratedForSomebody(t *testing.T) {
	t.Parallel()
	w, s, made := dropped(t)
	c, err := w.Create(t.Context(), w.caller, connect.New{
		TemplateID: made.ID, Name: "Drop", Inputs: map[string]string{"host": "sftp.vendor.com", "hostKey": s.hostKey}, Credential: map[string]secret.Bytes{},
	})
	must(t, err)
	_, err = w.GenerateCredential(t.Context(), w.caller, c.ID, "*")
	refused(t, err, fault.CodeValidationFailed)
	if f := fault.From(err); len(f.Fields) != 1 || f.Fields[0].Pointer != "/credential/username" || len(w.secretsOf("acme")) > 0 {
		t.Errorf("fields %v, secrets %v", f.Fields, w.secretsOf("acme"))
	}
}
