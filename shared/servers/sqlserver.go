package servers

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// sqlServer speaks TDS 7.4 (MS-TDS). TLS is agreed on within it, after the
// prelogin.
var sqlServer = engine{ask: askSQLServer, answer: answerSQLServer, speaks: speaksSQLServer, reveals: true}

func askSQLServer(ctx context.Context, conn *wire, l method.Login, s security) error {
	config := msdsn.Config{
		Host: "server", Port: 1433, Protocols: []string{"tcp"}, // The connection is made already.
		User: l.Values[method.ValueUser].Reveal(), Password: l.Values[method.ValuePassword].Reveal(),
		Database: l.Values[method.ValueDatabase].Reveal(), AppName: "tenon", Workstation: "tenon",
		Encryption: msdsn.EncryptionRequired, TLSConfig: s.config, DisableRetry: true, NoTraceID: true,
		HostInCertificateProvided: true,
	}
	if s.config == nil {
		config.Encryption = msdsn.EncryptionDisabled
	}
	if strings.Contains(config.User, `\`) { // DOMAIN\name: the driver would speak NTLM.
		return verdict{catalog.Unknown, messageMethod}
	}
	connector := mssql.NewConnectorConfig(config)
	connector.Dialer = &once{conn: conn}
	return selectOne(ctx, connector)
}

// once is the dialler of a driver that has one connection. That a server sends
// the login on to another one is no reason to follow.
type once struct{ conn net.Conn }

// DialContext implements mssql.Dialer.
func (o *once) DialContext(context.Context, string, string) (net.Conn, error) {
	conn := o.conn
	o.conn = nil
	if conn == nil {
		return nil, verdict{catalog.Unknown, "The server sends the login to another server."}
	}
	return conn, nil
}

// HostName implements mssql.HostDialer, so that the driver resolves nothing.
func (o *once) HostName() string { return "server" }

// answerSQLServer reads the numbers of sys.messages. A login that fails after
// another error is reported by both, in this order.
func answerSQLServer(err error) (verdict, bool) {
	var e mssql.Error
	if !errors.As(err, &e) {
		// The driver has no error of its own for these.
		switch text := err.Error(); {
		case text == "server does not support encryption":
			return verdict{catalog.TLSError, messagePlain}, true
		case strings.HasPrefix(text, "TLS Handshake failed: tls: ") || strings.HasPrefix(text, "TLS Handshake failed: remote error: tls: "):
			return verdict{catalog.TLSError, ""}, true
		}
		return verdict{}, false
	}
	for _, one := range slices.Concat(e.All, []mssql.Error{e}) {
		if v, ok := readSQLServer(one.Number); ok {
			return v, true
		}
	}
	return verdict{catalog.Unknown, ""}, true
}

func readSQLServer(number int32) (verdict, bool) {
	switch number {
	case 4060, 4063, 911: // Cannot be opened, which may also mean that the login may not.
		return verdict{catalog.Unknown, messageDatabase}, true
	case 18450, 18451, 18452, 18456, 18461, 18470, 18486, 18487, 18488:
		return verdict{catalog.AuthError, ""}, true
	case 229, 230, 300, 916:
		return verdict{catalog.PermissionError, ""}, true
	case 10928, 10929, 17809, 40501: // Limits of sessions, connections and requests.
		return verdict{catalog.RateLimited, ""}, true
	case 40615, 40914: // The firewall of Azure SQL.
		return verdict{catalog.Unknown, messageAddress}, true
	case 6005, 17142, 40197, 40613: // Shutting down, paused, failing over, not available.
		return verdict{catalog.ProviderError, ""}, true
	}
	return verdict{}, false
}

func speaksSQLServer(first []byte) bool { return first[0] == 4 }
