package servers_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"io"
	"net"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// said is what every answer quotes back.
const said = "what the server said about " + canary

// postgresError answers the startup message with an error.
func postgresError(code string) func(net.Conn) {
	body := "SFATAL\x00VFATAL\x00C" + code + "\x00M" + said + "\x00\x00"
	packet := append([]byte("E"), binary.BigEndian.AppendUint32(nil, uint32(len(body)+4))...)
	return func(c net.Conn) {
		c.Write(append(packet, body...))
		hold(c)
	}
}

// mysqlPacket is one packet of the protocol.
func mysqlPacket(number byte, body string) []byte {
	return append([]byte{byte(len(body)), byte(len(body) >> 8), 0, number}, body...)
}

func mysqlError(number uint16) func(net.Conn) {
	code := string(binary.LittleEndian.AppendUint16(nil, number))
	return func(c net.Conn) {
		c.Write(mysqlPacket(0, "\xff"+code+"#HY000"+said))
		hold(c)
	}
}

// greeting is what a MySQL begins with: version 10, a challenge of 20 bytes, the
// capabilities and the way of authenticating it prefers.
func greeting(capabilities uint32, plugin string) []byte {
	low, high := make([]byte, 2), make([]byte, 2)
	binary.LittleEndian.PutUint16(low, uint16(capabilities))
	binary.LittleEndian.PutUint16(high, uint16(capabilities>>16))
	return mysqlPacket(0, "\x0a8.0.0\x00\x01\x00\x00\x0012345678\x00"+string(low)+"\x2d\x02\x00"+string(high)+"\x15"+
		string(make([]byte, 10))+"123456789012\x00"+plugin+"\x00")
}

// CLIENT_PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH.
const plainCapabilities = 1<<9 | 1<<15 | 1<<19

func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		protocol string
		serve    func(net.Conn)
		outcome  catalog.Outcome
		message  string
	}{
		{"no such password", "postgres", postgresError("28P01"), catalog.AuthError, ""},
		{"no such rule", "postgres", postgresError("28000"), catalog.AuthError, ""},
		{"no privilege", "postgres", postgresError("42501"), catalog.PermissionError, ""},
		{"no such database", "postgres", postgresError("3D000"), catalog.Unknown, "The database does not exist."},
		{"too many connections", "postgres", postgresError("53300"), catalog.RateLimited, ""},
		{"disk full", "postgres", postgresError("53100"), catalog.ProviderError, ""},
		{"starting", "postgres", postgresError("57P03"), catalog.ProviderError, ""},
		{"shutting down", "postgres", postgresError("57P01"), catalog.ProviderError, ""},
		{"something else", "postgres", postgresError("22000"), catalog.Unknown, ""},
		{"too many connections", "mysql", mysqlError(1040), catalog.RateLimited, ""},
		{"host is blocked", "mysql", mysqlError(1129), catalog.Unknown, "The server accepts no connections from this address."},
		{"host is not allowed", "mysql", mysqlError(1130), catalog.Unknown, "The server accepts no connections from this address."},
		{"shutting down", "mysql", mysqlError(1053), catalog.ProviderError, ""},
		{"locked", "mysql", mysqlError(3118), catalog.AuthError, ""},
		{"wants TLS", "mysql", mysqlError(3159), catalog.TLSError, "The server accepts no connections without TLS."},
		{"something else", "mysql", mysqlError(1105), catalog.Unknown, ""},
		{"no such login", "sqlserver", tdsError(18456), catalog.AuthError, ""},
		{"no such database", "sqlserver", tdsError(4060, 18456), catalog.Unknown, "The database does not exist."},
		{"no permission", "sqlserver", tdsError(916), catalog.PermissionError, ""},
		{"too many sessions", "sqlserver", tdsError(10928), catalog.RateLimited, ""},
		{"behind a firewall", "sqlserver", tdsError(40615), catalog.Unknown, "The server accepts no connections from this address."},
		{"not available", "sqlserver", tdsError(40613), catalog.ProviderError, ""},
		{"something else", "sqlserver", tdsError(50000), catalog.Unknown, ""},
	}
	for _, test := range tests {
		t.Run(test.protocol+" "+test.name, func(t *testing.T) {
			t.Parallel()
			got := prove(t, listen(t, test.serve), login(test.protocol, "15000", method.ValueTLSMode, "disable"))
			if got.Outcome != test.outcome || got.Message != test.message {
				t.Errorf("got %s %q, want %s %q", got.Outcome, got.Message, test.outcome, test.message)
			}
		})
	}
}

// No mode but disable is content with a server that offers no TLS.
func TestNeverBackToPlain(t *testing.T) {
	t.Parallel()
	serve := map[string]func(net.Conn, *bytes.Buffer){
		"postgres": func(c net.Conn, heard *bytes.Buffer) {
			c.Read(make([]byte, 8))
			c.Write([]byte("N"))
			io.Copy(heard, c)
		},
		"mysql": func(c net.Conn, heard *bytes.Buffer) {
			c.Write(greeting(plainCapabilities, "mysql_native_password"))
			io.Copy(heard, c)
		},
		"sqlserver": func(c net.Conn, heard *bytes.Buffer) {
			readTDS(c)
			c.Write(prelogin(encryptNotSupported))
			io.Copy(heard, c)
		},
	}
	for _, protocol := range protocols[1:] {
		for _, mode := range []string{"verify-full", "verify-ca", "require"} {
			var heard bytes.Buffer
			done := make(chan struct{})
			address := listen(t, func(c net.Conn) {
				defer close(done)
				serve[protocol](c, &heard)
			})
			got := prove(t, address, login(protocol, "15000", method.ValueTLSMode, mode))
			<-done
			if got.Outcome != catalog.TLSError || got.Message != "The server does not offer TLS." || heard.Len() > 0 {
				t.Errorf("%s %s: got %s %q; the server heard %q", protocol, mode, got.Outcome, got.Message, heard.String())
			}
		}
	}
}

// A server that asks for a password in clear text, or in the old form, over a
// connection without TLS gets none.
func TestMySQLWeakPlugins(t *testing.T) {
	t.Parallel()
	for _, plugin := range []string{"mysql_clear_password", "mysql_old_password", "unheard_of"} {
		var heard bytes.Buffer
		done := make(chan struct{})
		address := listen(t, func(c net.Conn) {
			defer close(done)
			c.Write(greeting(plainCapabilities, "mysql_native_password"))
			c.Read(make([]byte, 1024))
			c.Write(mysqlPacket(2, "\xfe"+plugin+"\x0012345678901234567890\x00"))
			io.Copy(&heard, c)
		})
		got := prove(t, address, login("mysql", "15000", method.ValueTLSMode, "disable"))
		<-done
		if got.Outcome != catalog.Unknown || got.Message != "The server asks for a way of authenticating that is not supported or not safe here." || heard.Len() > 0 {
			t.Errorf("%s: got %s %q; the server heard %q", plugin, got.Outcome, got.Message, heard.String())
		}
	}
}

// A server that asks for a file of ours in its answer to the query gets none.
func TestMySQLAsksForAFile(t *testing.T) {
	t.Parallel()
	var heard bytes.Buffer
	done := make(chan struct{})
	address := listen(t, func(c net.Conn) {
		defer close(done)
		c.Write(greeting(plainCapabilities, "mysql_native_password"))
		c.Read(make([]byte, 1024))
		c.Write(mysqlPacket(2, "\x00\x00\x00\x02\x00\x00\x00"))
		c.Read(make([]byte, 1024))
		c.Write(mysqlPacket(1, "\xfb/etc/hostname"))
		io.Copy(&heard, c)
	})
	got := prove(t, address, login("mysql", "15000", method.ValueTLSMode, "disable"))
	<-done
	if got.Outcome == catalog.OK || heard.Len() > 16 {
		t.Errorf("got %s; the server heard %q", got.Outcome, heard.String())
	}
}

// A server that offers another kind of key than the driver expects ends neither
// the worker nor what else it does.
func TestMySQLKeyOfAnotherKind(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	address := listen(t, func(c net.Conn) {
		c.Write(greeting(plainCapabilities, "caching_sha2_password"))
		c.Read(make([]byte, 1024))
		c.Write(mysqlPacket(2, "\x01\x04"))
		c.Read(make([]byte, 1024))
		c.Write(mysqlPacket(4, "\x01"+string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))))
		hold(c)
	})
	got := prove(t, address, login("mysql", "15000", method.ValueTLSMode, "disable"))
	if got.Outcome != catalog.Unknown || got.Message != "The server does not speak the expected protocol." {
		t.Errorf("got %s %q", got.Outcome, got.Message)
	}
}
