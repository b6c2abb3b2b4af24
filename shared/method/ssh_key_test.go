package method_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

const passphrase = "pass-canary"

// opensshKey returns a private key in OpenSSH form and its line of
// authorized_keys.
func opensshKey(t *testing.T, key crypto.Signer, passphrase string) (private, public string) {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "canary")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "canary", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block)), strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
}

func ed25519Key(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// dsaKey is a DSA key of 1024 bits, in the form of OpenSSL.
const dsaKey = `-----BEGIN DSA PRIVATE KEY-----
MIIBuwIBAAKBgQCQeO51fNxqUxkwJCHuHfOnJGAVjDEyQ8iXQ0idh1n7EJr8pRQa
rJTeSFNg8evJUBaXOSTv5ngl9it7w/Pi0rKWMQjDjp2ekqOe0ppizMSpBumzsPIR
kEdHsfkGUqZphAFi1L6tb386viTFKdeCcxkRFJ+D4iw8U2yo7pQASMBcwwIVAIs1
oBDyaiK/1F0JVOrbGBaubX5hAoGBAI3IgbWLr7J6Sm207uvVsRJDuVMr0XzWBPGL
gMcOxCAJK+lPAPzvq6FZ8GY6MYYlw6iFbqK6731FFtbkb6meVb0P13uQh3UcaBxK
9YlJCYQa+9y62VvRMbH4m5H7Lg+xBHcppZtrjaJo9UC5v1FOgnriT+InfUu+5QR1
k1z025hbAoGAK8Do3+CIhZ149lUNIIOORZZzEamjv0riC91bgMrl/w4YMs3B3PAk
QXLtlfh89sMHRnl1DovcYhm9LaXKXGpwoQcxEaB3w6Jmwz48M5KazO7wxTMwLpZs
0jUOP5xTt0nJP9hVdNBYRMo05MBvK3W7mnpJC5odAUyPBZJcdhwx8rYCFDKteCTL
7y1UtARxhnXdddMtYBcs
-----END DSA PRIVATE KEY-----
`

func TestSSHKeyCheck(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	big, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plain, line := opensshKey(t, ed25519Key(t), "")
	locked, lockedLine := opensshKey(t, ed25519Key(t), passphrase)
	weak, _ := opensshKey(t, small, "")
	strong, strongLine := opensshKey(t, big, "")
	curved, curvedLine := opensshKey(t, curve, "")
	tests := []struct {
		name   string
		fields map[string]secret.Bytes
		line   string
		wrong  []string // Pointers.
	}{
		{"a password", given("username", "ann", "password", "canary"), "", nil},
		{"a key", given("username", "ann", "privateKey", plain), line, nil},
		{"an RSA key", given("username", "ann", "privateKey", strong), strongLine, nil},
		{"an ECDSA key", given("username", "ann", "privateKey", curved), curvedLine, nil},
		{"a key with its passphrase", given("username", "ann", "privateKey", locked, "passphrase", passphrase), lockedLine, nil},
		{"neither", given("username", "ann"), "", []string{"/credential/password", "/credential/privateKey"}},
		{"both", given("username", "ann", "password", "canary", "privateKey", plain), "", []string{"/credential/password", "/credential/privateKey"}},
		{"a password with a passphrase", given("username", "ann", "password", "canary", "passphrase", passphrase), "", []string{"/credential/passphrase"}},
		{"no passphrase", given("username", "ann", "privateKey", locked), "", []string{"/credential/passphrase"}},
		{"a wrong passphrase", given("username", "ann", "privateKey", locked, "passphrase", "canary"), "", []string{"/credential/passphrase"}},
		{"a passphrase too many", given("username", "ann", "privateKey", plain, "passphrase", passphrase), "", []string{"/credential/passphrase"}},
		{"a small RSA key", given("username", "ann", "privateKey", weak), "", []string{"/credential/privateKey"}},
		{"a DSA key", given("username", "ann", "privateKey", dsaKey), "", []string{"/credential/privateKey"}},
		{"a PuTTY key", given("username", "ann", "privateKey", "PuTTY-User-Key-File-3: ssh-ed25519\ncanary"), "", []string{"/credential/privateKey"}},
		{"no key", given("username", "ann", "privateKey", "canary"), "", []string{"/credential/privateKey"}},
		{"a public key", given("username", "ann", "privateKey", line), "", []string{"/credential/privateKey"}},
		{"a key cut short", given("username", "ann", "privateKey", plain[:len(plain)/2]), "", []string{"/credential/privateKey"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := method.SSHKey{}.Check(methodtest.Target("ssh_key"), test.fields)
			if diff := cmp.Diff(test.wrong, pointers(t, err)); diff != "" {
				t.Errorf("wrong fields (-want +got):\n%s", diff)
			}
			d := method.SSHKey{}.Describe(test.fields)
			if test.wrong == nil && d.PublicKey != test.line || d.User != "ann" || d.Last4 != "" {
				t.Errorf("description %+v, want the key %q", d, test.line)
			}
		})
	}
}

// pointers returns the pointers of a fault, whose text must hold no value.
func pointers(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	if !fault.Has(err, fault.CodeValidationFailed) || strings.Contains(err.Error(), "canary") {
		t.Errorf("got error %v", err)
	}
	var out []string
	for _, f := range fault.From(err).Fields {
		out = append(out, f.Pointer)
		if strings.Contains(f.Detail, "canary") || f.Detail == "" {
			t.Errorf("%s: detail %q", f.Pointer, f.Detail)
		}
	}
	return out
}

// recorder is a method.Prober that keeps the login and answers as it is told.
type recorder struct {
	login  method.Login
	answer method.Probe
	err    error
}

func (r *recorder) Probe(_ context.Context, l method.Login) (method.Probe, error) {
	r.login = l
	return r.answer, r.err
}

func TestSSHKeyVerify(t *testing.T) {
	t.Parallel()
	const fingerprint = "SHA256:abc"
	target := methodtest.Target("ssh_key")
	target.Tenant, target.Scheme.Server.Host, target.Scheme.Server.Port = "acme", "{host}", "{port}"
	target.Values = map[string]catalog.Value{
		"host": {Type: catalog.TypeServer, Text: "sftp.vendor.com"}, "port": {Type: catalog.TypePort, Text: "2222"}, "path": {Type: catalog.TypeText, Text: "/in"},
	}
	l := vault.Leasable{Values: given("username", "ann", "password", "canary")}
	r := &recorder{answer: method.Probe{Outcome: catalog.TLSError, HostKey: fingerprint}}
	_, err := method.Verify(t.Context(), method.Reach{Servers: r}, target, l)
	want := []fault.Field{{Pointer: "/inputs/hostKey", Detail: "The server shows SHA256:abc. Compare it with what its operator says and send it as hostKey."}}
	if f := fault.From(err); f.Code != fault.CodeHostKeyUnconfirmed || f.Kind != fault.Unprocessable || f.Remedy != "fix_input" || !cmp.Equal(f.Fields, want) {
		t.Errorf("unconfirmed: got %+v", f)
	}
	if got := revealed(r.login.Values); !cmp.Equal(got, map[string]string{"host": "sftp.vendor.com", "port": "2222", "path": "/in", "username": "ann", "password": "canary"}) {
		t.Errorf("values %v", got)
	}
	if r.login.Host != "sftp.vendor.com" || r.login.Port != "2222" || r.login.Protocol != "sftp" || r.login.Tenant != "acme" {
		t.Errorf("login at %s:%s by %s for %s", r.login.Host, r.login.Port, r.login.Protocol, r.login.Tenant)
	}

	// What the lease says wins over inputs that were changed since.
	l.Values["host"], l.Values["hostKey"] = secret.FromString("sftp.first.com"), secret.FromString(fingerprint)
	target.Values["hostKey"] = catalog.Value{Type: catalog.TypeText, Text: "SHA256:other"}
	r.answer = method.Probe{Outcome: catalog.TLSError, HostKey: "SHA256:xyz", Message: "The server shows another host key than the confirmed one."}
	p, err := method.Verify(t.Context(), method.Reach{Servers: r}, target, l)
	if err != nil || !cmp.Equal(p, r.answer) {
		t.Errorf("another key: got %+v, %v", p, err)
	}
	if r.login.Host != "sftp.first.com" || r.login.Values["hostKey"].Reveal() != fingerprint {
		t.Errorf("login at %s under %s", r.login.Host, r.login.Values["hostKey"].Reveal())
	}

	r.err = errors.New("no network")
	if _, err := method.Verify(t.Context(), method.Reach{Servers: r}, target, l); !errors.Is(err, r.err) {
		t.Errorf("a prober that fails: got %v", err)
	}
	delete(target.Values, "port")
	if _, err := method.Verify(t.Context(), method.Reach{Servers: r}, target, l); err == nil {
		t.Error("no port: no error")
	}
}

func TestServersOutOfReach(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"ssh_key", "database"} {
		target := methodtest.Target(scheme)
		if _, err := method.Verify(t.Context(), method.Reach{}, target, vault.Leasable{}); !fault.Has(err, fault.CodeSchemeMismatch) {
			t.Errorf("%s without a prober: got %v", scheme, err)
		}
		target.Scheme.Server = nil
		if _, err := method.Verify(t.Context(), method.Reach{Servers: &recorder{}}, target, vault.Leasable{}); !fault.Has(err, fault.CodeSchemeMismatch) {
			t.Errorf("%s without a server: got %v", scheme, err)
		}
	}
}
