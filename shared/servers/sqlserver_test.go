package servers_test

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"unicode/utf16"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// No SQL Server can be installed from a package of Debian, so this is its side
// of a login as MS-TDS describes it: prelogin, TLS within the prelogin's packets,
// and the answer to the login. It shows what the driver and its settings do, not
// that a real server agrees.

// Values of the option ENCRYPTION of the prelogin (MS-TDS 2.2.6.5).
const (
	encryptNotSupported = 2
	encryptRequired     = 3
)

// Types of packets (MS-TDS 2.2.3.1.1).
const (
	packetReply    = 4
	packetPrelogin = 18
)

func tdsPacket(kind byte, body []byte) []byte {
	header := []byte{kind, 1, 0, 0, 0, 0, 1, 0}
	binary.BigEndian.PutUint16(header[2:], uint16(len(header)+len(body)))
	return append(header, body...)
}

// readTDS reads one packet and returns its body.
func readTDS(r io.Reader) ([]byte, error) {
	header := make([]byte, 8)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, err
	}
	body := make([]byte, max(0, int(binary.BigEndian.Uint16(header[2:]))-8))
	_, err := io.ReadFull(r, body)
	return body, err
}

// prelogin answers with a version and whether there is TLS.
func prelogin(encrypt byte) []byte {
	return tdsPacket(packetReply, []byte{0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, encrypt})
}

func ucs2(text string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}

// done is the token DONE with a status.
func done(status byte) []byte { return append([]byte{0xfd, status, 0, 0, 0}, make([]byte, 8)...) }

// loginErrors are the tokens ERROR of a login that fails, and what ends it.
func loginErrors(numbers ...int32) []byte {
	var out []byte
	for _, number := range numbers {
		body := binary.LittleEndian.AppendUint32(nil, uint32(number))
		body = append(body, 1, 14) // State and class.
		body = binary.LittleEndian.AppendUint16(body, uint16(len(said)))
		body = append(body, ucs2(said)...)
		body = append(body, 0, 0, 1, 0, 0, 0) // Neither server nor procedure; line 1.
		out = append(binary.LittleEndian.AppendUint16(append(out, 0xaa), uint16(len(body))), body...)
	}
	return append(out, done(2)...)
}

// loginTaken are the tokens of a login that succeeds.
func loginTaken() []byte {
	name := ucs2("Fake")
	body := append([]byte{1, 0x74, 0, 0, 4, byte(len(name) / 2)}, append(name, 16, 0, 0, 0)...)
	out := append(binary.LittleEndian.AppendUint16([]byte{0xad}, uint16(len(body))), body...)
	return append(out, done(0)...)
}

// tdsError refuses a login without TLS.
func tdsError(numbers ...int32) func(net.Conn) {
	return func(c net.Conn) {
		readTDS(c)
		c.Write(prelogin(encryptNotSupported))
		readTDS(c)
		c.Write(tdsPacket(packetReply, loginErrors(numbers...)))
		hold(c)
	}
}

// handshake carries TLS in packets of the prelogin while it lasts.
type handshake struct {
	net.Conn
	in   bytes.Buffer
	over bool
}

func (h *handshake) Read(b []byte) (int, error) {
	if h.over {
		return h.Conn.Read(b)
	}
	if h.in.Len() == 0 {
		body, err := readTDS(h.Conn)
		if err != nil {
			return 0, err
		}
		h.in.Write(body)
	}
	return h.in.Read(b)
}

func (h *handshake) Write(b []byte) (int, error) {
	if h.over {
		return h.Conn.Write(b)
	}
	_, err := h.Conn.Write(tdsPacket(packetPrelogin, b))
	return len(b), err
}

// secured answers a login over TLS, and then every query with nothing.
func secured(config *tls.Config, answer []byte) func(net.Conn) {
	config = config.Clone()
	config.SessionTicketsDisabled = true // They would come after the handshake, within its packets.
	return func(c net.Conn) {
		readTDS(c)
		c.Write(prelogin(encryptRequired))
		h := &handshake{Conn: c}
		s := tls.Server(h, config)
		if s.Handshake() != nil {
			return
		}
		h.over = true
		for {
			if _, err := readTDS(s); err != nil {
				return
			}
			s.Write(tdsPacket(packetReply, answer))
			answer = done(0)
		}
	}
}

// Proves database: a peer that speaks the part of TDS which a login needs (no SQL
// Server was run).
func TestSQLServerTLS(t *testing.T) {
	t.Parallel()
	ca, foreign := serverstest.NewAuthority(t, "Vendor CA"), serverstest.NewAuthority(t, "Foreign CA")
	config := ca.Issue(host).Config(t)
	tests := []struct {
		attempt
		answer []byte
	}{
		{attempt{"works", "", []string{"ca", ca.PEM, "database", "orders"}, catalog.OK, ""}, loginTaken()},
		{attempt{"the authority is foreign", "", []string{"ca", foreign.PEM}, catalog.TLSError, ""}, loginTaken()},
		{attempt{"the authority is none of the system's", "", nil, catalog.TLSError, ""}, loginTaken()},
		{attempt{"the name is another", otherHost, []string{"ca", ca.PEM}, catalog.TLSError, ""}, loginTaken()},
		{attempt{"verify-ca does not compare the name", otherHost, []string{"ca", ca.PEM, "tlsMode", "verify-ca"}, catalog.OK, ""}, loginTaken()},
		{attempt{"verify-ca checks the authority", "", []string{"ca", foreign.PEM, "tlsMode", "verify-ca"}, catalog.TLSError, ""}, loginTaken()},
		{attempt{"require checks nothing", otherHost, []string{"tlsMode", "require"}, catalog.OK, ""}, loginTaken()},
		{attempt{"wrong password", "", []string{"ca", ca.PEM}, catalog.AuthError, ""}, loginErrors(18456)},
		{attempt{"no database of the name", "", []string{"ca", ca.PEM, "database", "none"}, catalog.Unknown, "The database does not exist."}, loginErrors(4060, 18456)},
		{attempt{"a Windows login", "", []string{"ca", ca.PEM, "username", `ACME\ann`}, catalog.Unknown, "The server asks for a way of authenticating that is not supported or not safe here."}, loginTaken()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := login("sqlserver", "1433", test.values...)
			if test.host != "" {
				l.Host = test.host
			}
			got := prove(t, listen(t, secured(config, test.answer)), l)
			if got.Outcome != test.outcome || got.Message != test.message {
				t.Errorf("got %s %q, want %s %q", got.Outcome, got.Message, test.outcome, test.message)
			}
		})
	}
}

// A server that routes the login elsewhere is not followed: the dialler would be
// asked for an address of the server's choice.
func TestSQLServerRouting(t *testing.T) {
	t.Parallel()
	name := ucs2("127.0.0.1")
	route := append(binary.LittleEndian.AppendUint16([]byte{0, 0x39, 0x30}, uint16(len(name)/2)), name...)
	body := append(binary.LittleEndian.AppendUint16([]byte{20}, uint16(len(route))), append(route, 0, 0)...)
	token := append(binary.LittleEndian.AppendUint16([]byte{0xe3}, uint16(len(body))), body...)
	address := listen(t, func(c net.Conn) {
		readTDS(c)
		c.Write(prelogin(encryptNotSupported))
		readTDS(c)
		c.Write(tdsPacket(packetReply, append(token, loginTaken()...)))
		hold(c)
	})
	got := prove(t, address, login("sqlserver", "1433", method.ValueTLSMode, "disable"))
	if got.Outcome != catalog.Unknown || got.Message != "The server sends the login to another server." {
		t.Errorf("got %s %q", got.Outcome, got.Message)
	}
}
