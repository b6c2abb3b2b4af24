package servers_test

import (
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// sshServer is an SSH server in process: an sshd without privileges can check no
// password, and says nothing of what it was offered.
type sshServer struct {
	config  ssh.ServerConfig
	noFiles bool // It refuses the SFTP subsystem.

	mu      sync.Mutex
	offered []string // Users and methods of the attempts to log in.
}

func newSSHServer(k serverstest.Key) *sshServer {
	s := new(sshServer)
	s.config.AddHostKey(k.Signer)
	s.config.AuthLogCallback = func(c ssh.ConnMetadata, method string, _ error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.offered = append(s.offered, c.User()+" "+method)
	}
	s.config.PasswordCallback = func(_ ssh.ConnMetadata, given []byte) (*ssh.Permissions, error) {
		if string(given) != password {
			return nil, ssh.ErrNoAuth
		}
		return nil, nil
	}
	return s
}

// dialogue lets the server ask questions instead of taking a password.
func (s *sshServer) dialogue(echo bool, questions ...string) *sshServer {
	s.config.PasswordCallback = nil
	s.config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		echos := slices.Repeat([]bool{echo}, len(questions))
		answers, err := ask("", "", questions, echos)
		if err != nil || len(answers) != 1 || answers[0] != password {
			return nil, ssh.ErrNoAuth
		}
		return nil, nil
	}
	return s
}

func (s *sshServer) serve(t *testing.T) (address string) {
	return listen(t, func(c net.Conn) {
		_, channels, requests, err := ssh.NewServerConn(c, &s.config)
		if err != nil {
			return
		}
		go ssh.DiscardRequests(requests)
		for opened := range channels {
			channel, asked, err := opened.Accept()
			if err != nil {
				return
			}
			go func() {
				for r := range asked {
					r.Reply(!s.noFiles && r.Type == "subsystem", nil)
				}
			}()
			files, err := sftp.NewServer(channel, sftp.ReadOnly())
			if err != nil {
				return
			}
			files.Serve()
		}
	})
}

func TestSFTPPassword(t *testing.T) {
	t.Parallel()
	hostKey := serverstest.Ed25519Key(t, "")
	deaf := newSSHServer(hostKey)
	deaf.noFiles = true
	tests := []struct {
		name    string
		server  *sshServer
		given   string
		outcome catalog.Outcome
		message string
	}{
		{"taken", newSSHServer(hostKey), password, catalog.OK, ""},
		{"refused", newSSHServer(hostKey), "wrong-" + canary, catalog.AuthError, ""},
		{"asked for", newSSHServer(hostKey).dialogue(false, "Password: "), password, catalog.OK, ""},
		{"asked for and refused", newSSHServer(hostKey).dialogue(false, "Password: "), "wrong-" + canary, catalog.AuthError, ""},
		{"asked for in the open", newSSHServer(hostKey).dialogue(true, "Password: "), password, catalog.Unknown, "The server asks for a way of authenticating that is not supported or not safe here."},
		{"asked for with a code", newSSHServer(hostKey).dialogue(false, "Password: ", "Code: "), password, catalog.Unknown, "The server asks for a way of authenticating that is not supported or not safe here."},
		{"taken, without SFTP", deaf, password, catalog.PermissionError, "The server does not offer SFTP to this user."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := prove(t, test.server.serve(t), login("sftp", "2222", "hostKey", hostKey.Fingerprint, "password", test.given))
			if got.Outcome != test.outcome || got.Message != test.message {
				t.Errorf("got %s %q, want %s %q", got.Outcome, got.Message, test.outcome, test.message)
			}
		})
	}
}

// A server that is not known to be the right one learns neither the user nor a
// secret.
func TestSFTPNothingIsOfferedBeforeTheHostKeyIsConfirmed(t *testing.T) {
	t.Parallel()
	known, other := serverstest.Ed25519Key(t, ""), serverstest.Ed25519Key(t, "")
	for name, confirmed := range map[string]string{"unconfirmed": "", "another": other.Fingerprint} {
		s := newSSHServer(known)
		got := prove(t, s.serve(t), login("sftp", "22", "hostKey", confirmed))
		if got.Outcome != catalog.TLSError || got.HostKey != known.Fingerprint || got.AccountID != "" {
			t.Errorf("%s: got %+v", name, got)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if diff := cmp.Diff([]string(nil), s.offered); diff != "" {
			t.Errorf("%s: offered (-want +got):\n%s", name, diff)
		}
	}
}

func TestSFTPRefusesOldAlgorithms(t *testing.T) {
	t.Parallel()
	byRSA := serverstest.RSAKey(t)
	weak, err := ssh.NewSignerWithAlgorithms(byRSA.Signer.(ssh.AlgorithmSigner), []string{ssh.KeyAlgoRSA})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*sshServer){
		"key exchange": func(s *sshServer) { s.config.KeyExchanges = []string{ssh.InsecureKeyExchangeDH14SHA1} },
		"cipher":       func(s *sshServer) { s.config.Ciphers = []string{ssh.InsecureCipherAES128CBC} },
		"stream":       func(s *sshServer) { s.config.Ciphers = []string{ssh.InsecureCipherRC4256} },
		"MAC": func(s *sshServer) {
			s.config.Ciphers, s.config.MACs = []string{ssh.CipherAES128CTR}, []string{ssh.HMACSHA1}
		},
		"host key": func(s *sshServer) { s.config.AddHostKey(weak) },
	} {
		s := newSSHServer(byRSA)
		change(s)
		got := prove(t, s.serve(t), login("sftp", "22", "hostKey", byRSA.Fingerprint))
		if got.Outcome != catalog.TLSError || got.Message != "The server offers no algorithm that is still safe." || len(s.offered) > 0 {
			t.Errorf("%s: got %s %q, offered %v", name, got.Outcome, got.Message, s.offered)
		}
	}
}
