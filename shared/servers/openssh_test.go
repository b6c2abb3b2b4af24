package servers_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// Proves ssh_key: OpenSSH with internal-sftp.
func TestOpenSSH(t *testing.T) {
	t.Parallel()
	const passphrase = "pass-" + canary
	plain, locked, byRSA, stranger := serverstest.Ed25519Key(t, ""), serverstest.Ed25519Key(t, passphrase), serverstest.RSAKey(t), serverstest.Ed25519Key(t, "")
	first, second := serverstest.Ed25519Key(t, ""), serverstest.RSAKey(t)
	p := serverstest.StartOpenSSH(t, []serverstest.Key{first, second}, plain, locked, byRSA)
	for _, dir := range []string{"in", "in/box", "shut", "shut/box"} {
		if err := os.Mkdir(filepath.Join(p.Dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
		p.Own(filepath.Join(p.Dir, dir))
	}
	if err := os.Chmod(filepath.Join(p.Dir, "shut"), 0); err != nil {
		t.Fatal(err)
	}
	const foreign = "The server shows another host key than the confirmed one."
	tests := []struct {
		name    string
		values  []string
		outcome catalog.Outcome
		message string
		shown   string
	}{
		{"works", []string{"privateKey", plain.Private}, catalog.OK, "", first.Fingerprint},
		{"works with a passphrase", []string{"privateKey", locked.Private, "passphrase", passphrase}, catalog.OK, "", first.Fingerprint},
		{"works with RSA", []string{"privateKey", byRSA.Private}, catalog.OK, "", first.Fingerprint},
		{"works with the server's other key", []string{"privateKey", plain.Private, "hostKey", second.Fingerprint}, catalog.OK, "", second.Fingerprint},
		{"works with padding", []string{"privateKey", plain.Private, "hostKey", first.Fingerprint + "="}, catalog.OK, "", first.Fingerprint},
		{"the path is there", []string{"privateKey", plain.Private, "path", p.Dir + "/in/box"}, catalog.OK, "", first.Fingerprint},
		{"the path is not there", []string{"privateKey", plain.Private, "path", p.Dir + "/in/" + canary}, catalog.Unknown, "The path does not exist.", first.Fingerprint},
		{"the path is shut", []string{"privateKey", plain.Private, "path", p.Dir + "/shut/box"}, catalog.PermissionError, "The user may not see the path.", first.Fingerprint},
		{"an unknown key", []string{"privateKey", stranger.Private}, catalog.AuthError, "", first.Fingerprint},
		{"a wrong password", []string{"password", "wrong-" + canary}, catalog.AuthError, "", first.Fingerprint},
		{"an unknown user", []string{"privateKey", plain.Private, "username", "eve"}, catalog.AuthError, "", first.Fingerprint},
		{"a host key nobody has confirmed", []string{"privateKey", plain.Private, "hostKey", ""}, catalog.TLSError, "The server's host key has not been confirmed.", first.Fingerprint},
		{"another host key", []string{"privateKey", plain.Private, "hostKey", stranger.Fingerprint}, catalog.TLSError, foreign, first.Fingerprint},
		{"a host key of no form", []string{"privateKey", plain.Private, "hostKey", "SHA256:"}, catalog.TLSError, foreign, first.Fingerprint},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := login("sftp", "22", append([]string{"username", p.User, "password", "", "hostKey", first.Fingerprint}, test.values...)...)
			got := prove(t, p.Address(), l)
			if got.Outcome != test.outcome || got.Message != test.message || got.HostKey != test.shown {
				t.Errorf("got %s %q %s, want %s %q %s", got.Outcome, got.Message, got.HostKey, test.outcome, test.message, test.shown)
			}
			if want := p.User + "@" + host; got.Outcome == catalog.OK && got.AccountID != want {
				t.Errorf("account %q, want %q", got.AccountID, want)
			}
		})
	}
}
