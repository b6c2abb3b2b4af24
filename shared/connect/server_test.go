package connect_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// drop is an SFTP server as a connector describes it.
func drop() catalog.Connector {
	return catalog.Connector{
		ID: "drop", Name: "Drop", Description: "Files.", Categories: []string{"storage"},
		Inputs: []catalog.Input{
			{Name: "host", Title: "Host", Type: catalog.TypeServer}, {Name: "port", Title: "Port", Type: catalog.TypePort, Default: "22"},
			{Name: "hostKey", Title: "Host key", Type: catalog.TypeText, Pattern: "SHA256:[A-Za-z0-9+/]{43}", Optional: true},
		},
		Schemes: []catalog.Scheme{{
			ID: "ssh_key", Type: "ssh_key", Name: "SFTP",
			Fields: []catalog.Input{
				{Name: "username", Title: "User", Type: catalog.TypeText}, {Name: "password", Title: "Password", Type: catalog.TypeSecret, Optional: true},
				{Name: "privateKey", Title: "Private key", Type: catalog.TypeFile, Optional: true},
			},
			Apply: catalog.Placement{Values: map[string]string{
				"host": "{host}", "port": "{port}", "username": "{username}", "password": "{password}", "privateKey": "{privateKey}", "hostKey": "{hostKey}",
			}},
			Server: &catalog.Server{Protocol: "sftp", Host: "{host}", Port: "{port}"},
		}},
	}
}

// dropServer is a method.Prober of one server with one user.
type dropServer struct {
	hostKey, password string
	offered           int // Logins under the host key that was confirmed.
}

func (s *dropServer) Probe(_ context.Context, l method.Login) (method.Probe, error) {
	p := method.Probe{Outcome: catalog.TLSError, HostKey: s.hostKey}
	switch confirmed := l.Values[method.ValueHostKey]; {
	case confirmed.IsZero():
		return p, nil
	case confirmed.Reveal() != s.hostKey:
		p.Message = "The server shows another host key than the confirmed one."
		return p, nil
	}
	s.offered++
	p.Outcome = catalog.AuthError
	if l.Values[method.ValuePassword].Reveal() == s.password {
		p.Outcome, p.AccountID, p.AccountName = catalog.OK, "ann@"+l.Host, "ann@"+l.Host
	}
	return p, nil
}

func dropped(t *testing.T) (*world, *dropServer, template.Template) {
	w := newWorld(t)
	s := &dropServer{hostKey: "SHA256:" + strings.Repeat("a", 43), password: password}
	w.Templates.Catalog.Added, w.Reach.Servers = []catalog.Connector{drop()}, s
	w.conceal(password)
	return w, s, w.template("drop", "ssh_key", nil)
}

func (w *world) createDrop(made template.Template, hostKey, password string) (connection.Connection, error) {
	inputs := map[string]string{"host": "sftp.vendor.com"}
	if hostKey != "" {
		inputs["hostKey"] = hostKey
	}
	return w.Create(w.t.Context(), w.caller, connect.New{
		TemplateID: made.ID, Name: "Drop", Inputs: inputs,
		Credential: map[string]secret.Bytes{"username": secret.FromString("ann"), "password": secret.FromString(password)},
	})
}

func TestAHostKeyIsConfirmedOnFirstUse(t *testing.T) {
	t.Parallel()
	w, s, made := dropped(t)
	_, err := w.createDrop(made, "", password)
	refused(t, err, fault.CodeHostKeyUnconfirmed)
	want := []fault.Field{{Pointer: "/inputs/hostKey", Detail: "The server shows " + s.hostKey + ". Compare it with what its operator says and send it as hostKey."}}
	if diff := cmp.Diff(want, fault.From(err).Fields); diff != "" || s.offered != 0 {
		t.Errorf("%d logins; fields (-want +got):\n%s", s.offered, diff)
	}
	w.nothing(made)

	_, err = w.createDrop(made, "SHA256:"+strings.Repeat("b", 43), password)
	refused(t, err, fault.CodeProviderTLS)
	if got := fault.From(err).Detail; got != "The server shows another host key than the confirmed one." || s.offered != 0 {
		t.Errorf("%d logins; detail %q", s.offered, got)
	}
	w.nothing(made)

	_, err = w.createDrop(made, s.hostKey, "wrong-"+password)
	refused(t, err, fault.CodeVerificationFailed)
	w.nothing(made)

	c, err := w.createDrop(made, s.hostKey, password)
	must(t, err)
	kept := w.get(c.ID)
	if got := w.status(c.ID); got != "active" || kept.Account.ID != "ann@sftp.vendor.com" || kept.Credential.User != "ann" {
		t.Errorf("status %s, account %s, user %s", got, kept.Account.ID, kept.Credential.User)
	}
	leased := map[string]string{}
	for name, v := range w.hotCopy(c.ID).Values {
		leased[name] = v.Reveal()
	}
	if diff := cmp.Diff(map[string]string{"host": "sftp.vendor.com", "port": "22", "username": "ann", "password": password, "hostKey": s.hostKey}, leased); diff != "" {
		t.Errorf("leased values (-want +got):\n%s", diff)
	}
}

func TestAServerOutOfReachMakesNoConnection(t *testing.T) {
	t.Parallel()
	w, s, made := dropped(t)
	w.Reach.Servers = nil
	_, err := w.createDrop(made, s.hostKey, password)
	refused(t, err, fault.CodeSchemeMismatch)
	w.nothing(made)
}

// A new host key at the server is confirmed again before a new password is sent.
func TestANewHostKeyIsConfirmedAgain(t *testing.T) {
	t.Parallel()
	w, s, made := dropped(t)
	c, err := w.createDrop(made, s.hostKey, password)
	must(t, err)
	s.hostKey = "SHA256:" + strings.Repeat("c", 43)
	given, before := map[string]secret.Bytes{"username": secret.FromString("ann"), "password": secret.FromString(password)}, s.offered
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", given)
	refused(t, err, fault.CodeProviderTLS)
	if s.offered != before {
		t.Error("a server with another host key was offered a password")
	}
	_, err = w.Connections.Update(t.Context(), w.caller.Tenant, c.ID, func(c *connection.Connection) error {
		c.Inputs["hostKey"] = s.hostKey
		return nil
	})
	must(t, err)
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", given)
	must(t, err)
	if got := w.hotCopy(c.ID).Values["hostKey"].Reveal(); got != s.hostKey {
		t.Errorf("leased host key %s", got)
	}
}
