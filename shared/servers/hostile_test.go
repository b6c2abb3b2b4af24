package servers_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/servers"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// protocols lists what a Prober speaks.
var protocols = []string{"sftp", "postgres", "mysql", "sqlserver"}

// listen serves every connection until the test is over.
func listen(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

func hold(c net.Conn) { io.Copy(io.Discard, c) }

// babble says the same until it is hung up on.
func babble(text string) func(net.Conn) {
	return func(c net.Conn) {
		go hold(c)
		for {
			if _, err := c.Write([]byte(text)); err != nil {
				return
			}
		}
	}
}

func TestServersThatMisbehave(t *testing.T) {
	t.Parallel()
	const foreign, silent, closed = "The server does not speak the expected protocol.", "The server did not answer in time.", "The server closed the connection."
	tests := []struct {
		name    string
		serve   func(net.Conn)
		outcome catalog.Outcome
		message []string
	}{
		{"silent", hold, catalog.NetworkError, []string{silent}},
		{"closes", func(net.Conn) {}, catalog.NetworkError, []string{closed}},
		{"speaks HTTP and closes", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 400 "+canary+"\r\n\r\n"); c.Read(make([]byte, 9)) }, catalog.Unknown, []string{foreign}},
		{"repeats nonsense", babble(canary + "\r\n"), catalog.Unknown, []string{foreign}},
		{"repeats zeros", babble(strings.Repeat("\x00", 4096)), catalog.Unknown, []string{foreign}},
		{"repeats ones", babble(strings.Repeat("\xff", 4096)), catalog.Unknown, []string{foreign}},
		{"is slow", func(c net.Conn) {
			for range time.Tick(50 * time.Millisecond) {
				if _, err := c.Write([]byte("S")); err != nil {
					return
				}
			}
		}, "", []string{silent, foreign, closed}},
	}
	for _, test := range tests {
		for _, protocol := range protocols {
			t.Run(test.name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				began := time.Now()
				prober := servers.Prober{Dial: leading(listen(t, test.serve)), Step: 300 * time.Millisecond}
				got, err := try(t, prober, login(protocol, "15000", "hostKey", "SHA256:x"))
				if err != nil {
					t.Fatal(err)
				}
				if (test.outcome != "" && got.Outcome != test.outcome) || !slices.Contains(test.message, got.Message) && got.Outcome != catalog.TLSError {
					t.Errorf("got %s %q, want %s %q", got.Outcome, got.Message, test.outcome, test.message)
				}
				if took := time.Since(began); took > 5*time.Second {
					t.Errorf("took %v", took)
				}
			})
		}
	}
}

// One answer is waited for no longer than a step, and no more is listened to than
// a server has to say.
func TestBounds(t *testing.T) {
	t.Parallel()
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			got, err := try(t, servers.Prober{Dial: leading(listen(t, hold)), Step: 2 * time.Second}, login(protocol, "15000"))
			if took := time.Since(began); err != nil || got.Outcome != catalog.NetworkError || took > 5*time.Second {
				t.Errorf("got %s, %v after %v", got.Outcome, err, took)
			}
		})
	}
	notice, began := babble("N\x00\x00\x00\x0dMnoise\x00\x00\x00"), time.Now()
	got := prove(t, listen(t, notice), login("postgres", "15000", method.ValueTLSMode, "disable"))
	if took := time.Since(began); got.Outcome != catalog.Unknown || got.Message != "The server does not speak the expected protocol." || took > 10*time.Second {
		t.Errorf("without an end: got %s %q after %v", got.Outcome, got.Message, took)
	}
}

func TestServersThatAreNotThere(t *testing.T) {
	t.Parallel()
	for _, protocol := range protocols {
		got := prove(t, net.JoinHostPort("127.0.0.1", serverstest.FreePort(t)), login(protocol, "15000"))
		if got.Outcome != catalog.NetworkError {
			t.Errorf("%s: got %s %q", protocol, got.Outcome, got.Message)
		}
	}
}

func TestSSR10WhatMayNotBeReachedIsNotDialled(t *testing.T) {
	t.Parallel()
	dialled := func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("dialled")
	}
	for _, protocol := range protocols {
		for _, address := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "/tmp", "host=a port=5432 host=127.0.0.1", "a,b"} {
			l := login(protocol, "15000")
			l.Host = address
			if _, err := try(t, servers.Prober{Dial: egress.Dialer{}.DialContext}, l); !fault.Has(err, fault.CodeEgressDenied) {
				t.Errorf("%s at %q: got %v, want %s", protocol, address, err, fault.CodeEgressDenied)
			}
		}
		for _, port := range []string{"25", "443", "0", "65536", "-1", "", "15000 host=127.0.0.1"} {
			if _, err := try(t, servers.Prober{Dial: dialled}, login(protocol, port)); !fault.Has(err, fault.CodeValidationFailed) {
				t.Errorf("%s on %q: got %v, want %s", protocol, port, err, fault.CodeValidationFailed)
			}
		}
		if _, err := try(t, servers.Prober{Dial: dialled}, login(protocol, "22")); protocol != "sftp" && !fault.Has(err, fault.CodeValidationFailed) {
			t.Errorf("%s on the port of SSH: got %v, want %s", protocol, err, fault.CodeValidationFailed)
		}
	}
	if _, err := try(t, servers.Prober{Dial: dialled}, login("ftp", "15000")); !fault.Has(err, fault.CodeSchemeMismatch) {
		t.Errorf("an unknown protocol: got %v", err)
	}
}

// public is a connection that claims to lead to a public address.
type public struct{ net.Conn }

func (public) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(93, 184, 216, 34), Port: 5432} }

func TestWithoutTLSOnlyPrivateNetworks(t *testing.T) {
	t.Parallel()
	for _, protocol := range protocols[1:] {
		heard := make(chan []byte, 1)
		address := listen(t, func(c net.Conn) {
			all, _ := io.ReadAll(c)
			heard <- all
		})
		prober := servers.Prober{Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			c, err := leading(address)(ctx, network, "")
			return public{c}, err
		}}
		if _, err := try(t, prober, login(protocol, "15000", "tlsMode", "disable")); !fault.Has(err, fault.CodeValidationFailed) {
			t.Errorf("%s: got %v, want %s", protocol, err, fault.CodeValidationFailed)
		}
		if said := <-heard; len(said) > 0 {
			t.Errorf("%s: %d bytes were sent", protocol, len(said))
		}
		if _, err := try(t, prober, login(protocol, "15000", "tlsMode", "prefer")); !fault.Has(err, fault.CodeValidationFailed) {
			t.Errorf("%s with prefer: got %v, want %s", protocol, err, fault.CodeValidationFailed)
		}
	}
}

// TestSurroundings is not parallel: it sets the variables that drivers know.
func TestSurroundings(t *testing.T) {
	home := t.TempDir()
	for name, text := range map[string]string{".pgpass": "*:*:*:*:leaked-" + canary, ".pg_service.conf": "[leaked]\napplication_name=leaked\n"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{
		"HOME": home, "PGPASSWORD": "leaked-" + canary, "PGUSER": "leaked-" + canary, "PGHOST": "leaked.vendor.com", "PGSSLMODE": "disable", "PGOPTIONS": "-c leaked=1",
		"PGAPPNAME": "leaked", "PGSSLROOTCERT": filepath.Join(home, "none"), "PGCONNECT_TIMEOUT": "nonsense", "PGTARGETSESSIONATTRS": "nonsense",
	} {
		t.Setenv(name, value)
	}
	var heard bytes.Buffer
	done := make(chan struct{})
	address := listen(t, func(c net.Conn) {
		defer close(done)
		io.WriteString(c, "R\x00\x00\x00\x08\x00\x00\x00\x03") // It asks for the password in clear text.
		io.Copy(&heard, c)
	})
	got := prove(t, address, login("postgres", "15000", "password", "", "tlsMode", "disable"))
	<-done
	if got.Outcome != catalog.Unknown || strings.Contains(heard.String(), "leaked") || !strings.Contains(heard.String(), "user\x00ann\x00") {
		t.Errorf("got %s; the server heard %q", got.Outcome, heard.String())
	}
	t.Setenv("PGSERVICE", "leaked")
	if _, err := try(t, servers.Prober{Dial: leading(listen(t, hold))}, login("postgres", "15000", "tlsMode", "disable")); err == nil {
		t.Error("with a service file in the environment: no error")
	}
}

var _ method.Prober = servers.Prober{}
