package servers_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/servers"
)

// The names a certificate is for and is not for. Nothing resolves them: the
// dialler of a test leads everywhere to one place.
const (
	host      = "db.vendor.com"
	otherHost = "db.other.com"
)

// canary is in every secret; nothing a Prober returns may hold it.
const canary = "canary"

const password = "s3cret-" + canary

// tool finds a program of a server, or skips the test where servers are not
// expected to be installed.
func tool(t *testing.T, patterns ...string) string {
	t.Helper()
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err == nil && len(found) > 0 {
			return slices.Max(found)
		}
	}
	if os.Getenv("CI") == "true" || os.Getenv("TENON_PEERS") == "1" {
		t.Fatalf("%v is not installed: make peers", patterns)
	}
	t.Skip("tool not installed")
	return ""
}

// peer is a server of someone else in a folder of its own, under a user without
// privileges: none of them runs as root.
type peer struct {
	t       *testing.T
	dir     string
	account *syscall.Credential // nil for whoever runs the test.
	user    string
	port    string
}

func newPeer(t *testing.T) *peer {
	t.Helper()
	// Not t.TempDir: another user must be able to reach it.
	dir, err := os.MkdirTemp("", "tenon-peer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &peer{t: t, dir: dir, port: freePort(t)}
	account, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	p.user = account.Username
	if os.Getuid() == 0 {
		p.user, p.account = "daemon", &syscall.Credential{Uid: 1, Gid: 1}
	}
	p.own(dir)
	return p
}

func (p *peer) own(path string) {
	p.t.Helper()
	if p.account == nil {
		return
	}
	if err := os.Chown(path, int(p.account.Uid), int(p.account.Gid)); err != nil {
		p.t.Fatal(err)
	}
}

// write makes a file that only the peer reads, and returns its path.
func (p *peer) write(name, text string) string {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.own(path)
	return path
}

func (p *peer) command(input, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.Stdin = p.dir, strings.NewReader(input)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "TMPDIR=" + p.dir}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: p.account, Setpgid: true}
	return c
}

// run waits for a program to end well.
func (p *peer) run(input, name string, args ...string) {
	p.t.Helper()
	if out, err := p.command(input, name, args...).CombinedOutput(); err != nil {
		p.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// start runs a server until the test is over and waits until it accepts
// connections.
func (p *peer) start(name string, args ...string) {
	p.t.Helper()
	var out bytes.Buffer
	c := p.command("", name, args...)
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); c.Wait() }()
	p.t.Cleanup(func() {
		syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		<-ended
	})
	p.until("does not listen", func() bool {
		select {
		case <-ended:
			p.t.Fatalf("%s ended:\n%s", name, out.String())
		default:
		}
		conn, err := net.DialTimeout("tcp", p.address(), time.Second)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// until waits for a server that says nothing when it is ready.
func (p *peer) until(otherwise string, ready func() bool) {
	p.t.Helper()
	ticks := time.NewTicker(20 * time.Millisecond)
	defer ticks.Stop()
	for deadline := time.Now().Add(30 * time.Second); !ready(); <-ticks.C {
		if time.Now().After(deadline) {
			p.t.Fatalf("the server %s", otherwise)
		}
	}
}

func (p *peer) address() string { return net.JoinHostPort("127.0.0.1", p.port) }

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// leading returns a dialler that ends at one address wherever it is sent.
func leading(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
}

// login returns a login of ann by the given values; an empty one takes a value
// away.
func login(protocol, port string, pairs ...string) method.Login {
	l := method.Login{Tenant: "acme", Protocol: protocol, Host: host, Port: port, Values: map[string]secret.Bytes{
		method.ValueUser: secret.FromString("ann"), method.ValuePassword: secret.FromString(password),
	}}
	for i := 0; i < len(pairs); i += 2 {
		l.Values[pairs[i]] = secret.FromString(pairs[i+1])
	}
	return l
}

// prove probes and holds the answer to what must never be in it.
func prove(t *testing.T, address string, l method.Login) method.Probe {
	t.Helper()
	p, err := try(t, servers.Prober{Dial: leading(address)}, l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func try(t *testing.T, prober servers.Prober, l method.Login) (method.Probe, error) {
	t.Helper()
	p, err := prober.Probe(t.Context(), l)
	if text := p.Message + p.AccountID + p.AccountName + errors.Join(errors.New(""), err).Error(); strings.Contains(text, canary) {
		t.Errorf("a secret, or what the server said, was returned: %q", text)
	}
	return p, err
}
