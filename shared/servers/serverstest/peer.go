// Package serverstest starts servers of other people's making, such as OpenSSH
// and PostgreSQL, for tests that log in to them, with the keys and certificates
// they need. It depends on golang.org/x/crypto/ssh.
package serverstest

import (
	"bytes"
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
)

// Tool finds a program of a server, or skips the test where servers are not
// expected to be installed.
func Tool(t *testing.T, patterns ...string) string {
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

// Peer is a server of someone else in a folder of its own, under a user without
// privileges: none of them runs as root.
type Peer struct {
	t       *testing.T
	account *syscall.Credential // nil for whoever runs the test.
	Dir     string              // Of its files.
	User    string              // Whom it runs as.
	Port    string              // Where it listens at 127.0.0.1.
}

// NewPeer makes the folder, which goes with the test.
func NewPeer(t *testing.T) *Peer {
	t.Helper()
	// Not t.TempDir: another user must be able to reach it.
	dir, err := os.MkdirTemp("", "tenon-peer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &Peer{t: t, Dir: dir, Port: FreePort(t)}
	account, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	p.User = account.Username
	if os.Getuid() == 0 {
		p.User, p.account = "daemon", &syscall.Credential{Uid: 1, Gid: 1}
	}
	p.Own(dir)
	return p
}

// Own hands a file over to the peer.
func (p *Peer) Own(path string) {
	p.t.Helper()
	if p.account == nil {
		return
	}
	if err := os.Chown(path, int(p.account.Uid), int(p.account.Gid)); err != nil {
		p.t.Fatal(err)
	}
}

// Write makes a file that only the peer reads, and returns its path.
func (p *Peer) Write(name, text string) string {
	p.t.Helper()
	path := filepath.Join(p.Dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.Own(path)
	return path
}

func (p *Peer) command(input, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.Stdin = p.Dir, strings.NewReader(input)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.Dir, "TMPDIR=" + p.Dir}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: p.account, Setpgid: true}
	return c
}

// Run waits for a program to end well.
func (p *Peer) Run(input, name string, args ...string) {
	p.t.Helper()
	if out, err := p.command(input, name, args...).CombinedOutput(); err != nil {
		p.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// Start runs a server until the test is over and waits until it accepts
// connections.
func (p *Peer) Start(name string, args ...string) {
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
	p.Until("does not listen", func() bool {
		select {
		case <-ended:
			p.t.Fatalf("%s ended:\n%s", name, out.String())
		default:
		}
		conn, err := net.DialTimeout("tcp", p.Address(), time.Second)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// Until waits for a server that says nothing when it is ready.
func (p *Peer) Until(otherwise string, ready func() bool) {
	p.t.Helper()
	ticks := time.NewTicker(20 * time.Millisecond)
	defer ticks.Stop()
	for deadline := time.Now().Add(30 * time.Second); !ready(); <-ticks.C {
		if time.Now().After(deadline) {
			p.t.Fatalf("the server %s", otherwise)
		}
	}
}

// Address is host and port.
func (p *Peer) Address() string { return net.JoinHostPort("127.0.0.1", p.Port) }

// FreePort returns a port of 127.0.0.1 that nothing listens on.
func FreePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}
