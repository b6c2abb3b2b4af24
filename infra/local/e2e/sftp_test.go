package e2e_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// testServers connects with servers that are not ours and do not speak HTTP, or
// ask for a certificate before they do.
func testServers(t *testing.T, e *environment) {
	ann := onboard(t, e, "servers")
	t.Run("SFTP", func(t *testing.T) { testSFTP(t, e, ann) })
	t.Run("PostgreSQL", func(t *testing.T) { testPostgreSQL(t, e, ann) })
	t.Run("mutual TLS", func(t *testing.T) { testMutualTLS(t, e, ann) })
}

// serverTemplate makes the template of a connector whose connections say where
// the server is.
func serverTemplate(t *testing.T, e *environment, connector, scheme string) string {
	t.Helper()
	return call(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: connector, AuthScheme: scheme, Name: "Server " + connector, StableKey: "server-" + connector,
	}).ID
}

// leased returns the values that a runtime logs in with.
func leased(t *testing.T, a *actor, connectionID string) map[string]string {
	t.Helper()
	return call(t, a, routes.ConnectionLease, api.LeaseRequest{ConnectionID: connectionID, Purpose: "log in"}).Values
}

// Proves ssh_key: OpenSSH, through the API.
func testSFTP(t *testing.T, e *environment, ann *actor) {
	host, user := serverstest.Ed25519Key(t, ""), serverstest.Ed25519Key(t, "")
	e.secrets.add("private key", user.Private)
	server := serverstest.StartOpenSSH(t, []serverstest.Key{host}, user)
	in := api.ConnectionCreate{
		TemplateID: serverTemplate(t, e, "sftp", "ssh_key"), Name: "Drop",
		Inputs:     map[string]string{"host": "127.0.0.1", "port": server.Port, "username": server.User, "path": server.Dir},
		Credential: fields{"privateKey": secretOf(user.Private)},
	}
	shown := refused(t, ann, routes.ConnectionCreate, in, fault.CodeHostKeyUnconfirmed)
	if text := fmt.Sprint(shown.Errors); shown.Status != 422 || !strings.Contains(text, "/inputs/hostKey") || !strings.Contains(text, host.Fingerprint+".") {
		t.Errorf("unconfirmed: got %d %s, want the fingerprint of the server", shown.Status, text)
	}
	in.Inputs["hostKey"] = user.Fingerprint
	refused(t, ann, routes.ConnectionCreate, in, fault.CodeProviderTLS)
	in.Inputs["hostKey"] = host.Fingerprint
	c := call(t, ann, routes.ConnectionCreate, in)
	if want := server.User + "@127.0.0.1"; c.Status != "active" || c.Account.ID != want || c.Credential.PublicKey != user.Authorized {
		t.Errorf("got status %s of %s with the key %q", c.Status, c.Account.ID, c.Credential.PublicKey)
	}
	values := leased(t, ann, c.ID)
	want := map[string]string{
		"host": "127.0.0.1", "port": server.Port, "username": server.User, "privateKey": user.Private, "hostKey": host.Fingerprint, "path": server.Dir,
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("leased values (-want +got):\n%s", diff)
	}
	logIn(t, values)

	password := fields{"password": secretOf(e.secrets.make("wrong password"))}
	refused(t, ann, routes.CredentialPut, api.CredentialPut{ConnectionID: c.ID, IfMatch: c.ETag(), Credential: password}, fault.CodeVerificationFailed)
	logIn(t, leased(t, ann, c.ID))
	testGeneratedKey(t, e, ann, server, in, user)
}

// testGeneratedKey connects with a key that leaves Tenon in a lease only.
func testGeneratedKey(t *testing.T, e *environment, ann *actor, server *serverstest.Peer, in api.ConnectionCreate, others serverstest.Key) {
	in.Name, in.Credential = "Drop with a key of its own", nil
	c := call(t, ann, routes.ConnectionCreate, in)
	c = call(t, ann, routes.CredentialPut, api.CredentialPut{ConnectionID: c.ID, IfMatch: c.ETag(), Generate: true})
	if c.Status != "pending" || c.PendingCredential == nil {
		t.Fatalf("got status %s and pending %+v", c.Status, c.PendingCredential)
	}
	promote := api.CredentialPromote{ConnectionID: c.ID, IfMatch: c.ETag()}
	refused(t, ann, routes.CredentialPromote, promote, fault.CodeVerificationFailed)
	public := c.PendingCredential.PublicKey
	server.Write(serverstest.AuthorizedKeys, others.Authorized+"\n"+public+"\n")
	c = call(t, ann, routes.CredentialPromote, promote)
	if c.Status != "active" || c.Credential.PublicKey != public {
		t.Errorf("got status %s with the key %q", c.Status, c.Credential.PublicKey)
	}
	values := leased(t, ann, c.ID)
	e.secrets.add("private key", values["privateKey"])
	logIn(t, values)
}

// logIn does what a runtime does with a lease, and nothing else.
func logIn(t *testing.T, values map[string]string) {
	t.Helper()
	signer, err := ssh.ParsePrivateKey([]byte(values["privateKey"]))
	if err != nil {
		t.Fatal(err)
	}
	client, err := ssh.Dial("tcp", net.JoinHostPort(values["host"], values["port"]), &ssh.ClientConfig{
		User: values["username"], Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			if got := ssh.FingerprintSHA256(key); got != values["hostKey"] {
				return fmt.Errorf("host key %s", got)
			}
			return nil
		},
	})
	if err != nil {
		t.Fatalf("log in with the leased values: %v", err)
	}
	if err := client.Close(); err != nil {
		t.Error(err)
	}
}
