package servers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
)

// startOpenSSH starts an sshd that knows the keys of its own user; without
// privileges it can check no password.
func startOpenSSH(t *testing.T, hostKeys []key, users ...key) *peer {
	t.Helper()
	sshd := tool(t, "/usr/sbin/sshd", "/usr/local/sbin/sshd")
	p := newPeer(t)
	lines := []string{
		"Port " + p.port, "ListenAddress 127.0.0.1", "PidFile none", "StrictModes no", "UsePAM no", "Subsystem sftp internal-sftp",
		"PasswordAuthentication yes", "KbdInteractiveAuthentication no", "LogLevel DEBUG1",
	}
	for i, k := range hostKeys {
		lines = append(lines, "HostKey "+p.write("host_key_"+string(rune('a'+i)), k.private))
	}
	var known []string
	for _, k := range users {
		known = append(known, k.authorized)
	}
	lines = append(lines, "AuthorizedKeysFile "+p.write("authorized_keys", strings.Join(known, "\n")+"\n"))
	config := p.write("sshd_config", strings.Join(lines, "\n")+"\n")
	// OpenSSH 9.8 and later would shut out a host with many failures.
	patient := p.write("sshd_config_patient", strings.Join(append(lines, "PerSourcePenalties no"), "\n")+"\n")
	if p.command("", sshd, "-t", "-f", patient).Run() == nil {
		config = patient
	}
	p.start(sshd, "-D", "-e", "-f", config)
	return p
}

// Proves ssh_key: OpenSSH with internal-sftp.
func TestOpenSSH(t *testing.T) {
	t.Parallel()
	const passphrase = "pass-" + canary
	plain, locked, byRSA, stranger := ed25519Key(t, ""), ed25519Key(t, passphrase), rsaKey(t), ed25519Key(t, "")
	first, second := ed25519Key(t, ""), rsaKey(t)
	p := startOpenSSH(t, []key{first, second}, plain, locked, byRSA)
	for _, dir := range []string{"in", "in/box", "shut", "shut/box"} {
		if err := os.Mkdir(filepath.Join(p.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
		p.own(filepath.Join(p.dir, dir))
	}
	if err := os.Chmod(filepath.Join(p.dir, "shut"), 0); err != nil {
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
		{"works", []string{"privateKey", plain.private}, catalog.OK, "", first.fingerprint},
		{"works with a passphrase", []string{"privateKey", locked.private, "passphrase", passphrase}, catalog.OK, "", first.fingerprint},
		{"works with RSA", []string{"privateKey", byRSA.private}, catalog.OK, "", first.fingerprint},
		{"works with the server's other key", []string{"privateKey", plain.private, "hostKey", second.fingerprint}, catalog.OK, "", second.fingerprint},
		{"works with padding", []string{"privateKey", plain.private, "hostKey", first.fingerprint + "="}, catalog.OK, "", first.fingerprint},
		{"the path is there", []string{"privateKey", plain.private, "path", p.dir + "/in/box"}, catalog.OK, "", first.fingerprint},
		{"the path is not there", []string{"privateKey", plain.private, "path", p.dir + "/in/" + canary}, catalog.Unknown, "The path does not exist.", first.fingerprint},
		{"the path is shut", []string{"privateKey", plain.private, "path", p.dir + "/shut/box"}, catalog.PermissionError, "The user may not see the path.", first.fingerprint},
		{"an unknown key", []string{"privateKey", stranger.private}, catalog.AuthError, "", first.fingerprint},
		{"a wrong password", []string{"password", "wrong-" + canary}, catalog.AuthError, "", first.fingerprint},
		{"an unknown user", []string{"privateKey", plain.private, "username", "eve"}, catalog.AuthError, "", first.fingerprint},
		{"a host key nobody has confirmed", []string{"privateKey", plain.private, "hostKey", ""}, catalog.TLSError, "The server's host key has not been confirmed.", first.fingerprint},
		{"another host key", []string{"privateKey", plain.private, "hostKey", stranger.fingerprint}, catalog.TLSError, foreign, first.fingerprint},
		{"a host key of no form", []string{"privateKey", plain.private, "hostKey", "SHA256:"}, catalog.TLSError, foreign, first.fingerprint},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := login("sftp", "22", append([]string{"username", p.user, "password", "", "hostKey", first.fingerprint}, test.values...)...)
			got := prove(t, p.address(), l)
			if got.Outcome != test.outcome || got.Message != test.message || got.HostKey != test.shown {
				t.Errorf("got %s %q %s, want %s %q %s", got.Outcome, got.Message, got.HostKey, test.outcome, test.message, test.shown)
			}
			if want := p.user + "@" + host; got.Outcome == catalog.OK && got.AccountID != want {
				t.Errorf("account %q, want %q", got.AccountID, want)
			}
		})
	}
}
