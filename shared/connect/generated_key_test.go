package connect_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// keyServer is a method.Prober of one SFTP server that lets ann in by the keys
// of a file.
type keyServer struct {
	hostKey    string
	authorized string // As in authorized_keys.
}

func (s *keyServer) Probe(_ context.Context, l method.Login) (method.Probe, error) {
	if l.Values[method.ValueHostKey].Reveal() != s.hostKey {
		return method.Probe{Outcome: catalog.TLSError, HostKey: s.hostKey}, nil
	}
	signer, err := ssh.ParsePrivateKey([]byte(l.Values[method.ValuePrivateKey].Reveal()))
	if err != nil {
		return method.Probe{}, err
	}
	shown := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	if l.Values[method.ValueUser].Reveal() != "ann" || !strings.Contains(s.authorized, shown) {
		return method.Probe{Outcome: catalog.AuthError, HostKey: s.hostKey}, nil
	}
	return method.Probe{Outcome: catalog.OK, HostKey: s.hostKey, AccountID: "ann@" + l.Host}, nil
}

// authorize adds the pending key to those that the server knows.
func (s *keyServer) authorize(t *testing.T, c connection.Connection) string {
	t.Helper()
	if c.Pending == nil {
		t.Fatal("no credential is pending")
	}
	if _, _, _, rest, err := ssh.ParseAuthorizedKey([]byte(c.Pending.PublicKey)); err != nil || len(rest) > 0 {
		t.Fatalf("%q is no line of authorized_keys: %v", c.Pending.PublicKey, err)
	}
	s.authorized += c.Pending.PublicKey + "\n"
	return c.Pending.PublicKey
}

// A key that nobody has seen logs in once its public half is authorized, and
// makes way for the next one without a login that fails.
func TestSSHKeyIsGenerated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := &keyServer{hostKey: "SHA256:" + strings.Repeat("a", 43)}
	w.Reach.Servers = s
	made := w.template("sftp", "ssh_key", map[string]string{"host": "sftp.vendor.com"})
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "Drop", Inputs: map[string]string{"username": "ann"}})
	must(t, err)
	generate := func() connection.Connection {
		t.Helper()
		staged, err := w.Put(t.Context(), w.caller, api.CredentialPut{ConnectionID: c.ID, IfMatch: "*", Generate: true})
		must(t, err)
		return staged
	}
	staged := generate()
	if staged.Credential != nil || w.status(c.ID) != "pending/no_credential" {
		t.Errorf("before it is authorized: %s", w.status(c.ID))
	}
	_, err = w.promote(c.ID, 0, time.Hour)
	refused(t, err, fault.CodeHostKeyUnconfirmed)
	_, err = w.Connections.Update(t.Context(), w.caller.Tenant, c.ID, func(c *connection.Connection) error {
		c.Inputs["hostKey"] = s.hostKey
		return nil
	})
	must(t, err)
	_, err = w.promote(c.ID, 0, time.Hour)
	refused(t, err, fault.CodeVerificationFailed)

	first := s.authorize(t, staged)
	_, err = w.promote(c.ID, 0, time.Hour)
	must(t, err)
	old := w.lent(c.ID).Values
	w.conceal(old["privateKey"])
	if kept := w.get(c.ID); w.status(c.ID) != "active" || kept.Credential.PublicKey != first || kept.Account.ID != "ann@sftp.vendor.com" {
		t.Errorf("promoted: %s of %s", w.status(c.ID), kept.Account.ID)
	}
	if old["username"] != "ann" || old["host"] != "sftp.vendor.com" || old["port"] != "22" || old["hostKey"] != s.hostKey || old["password"] != "" {
		t.Errorf("leased host %s, port %s, user %s, host key %s", old["host"], old["port"], old["username"], old["hostKey"])
	}

	second := s.authorize(t, generate())
	if w.lent(c.ID).Values["privateKey"] != old["privateKey"] {
		t.Error("a pending key is leased")
	}
	_, err = w.promote(c.ID, 0, time.Hour)
	must(t, err)
	fresh := w.lent(c.ID).Values["privateKey"]
	w.conceal(fresh)
	if fresh == old["privateKey"] || second == first {
		t.Error("the second key is the first")
	}
}
