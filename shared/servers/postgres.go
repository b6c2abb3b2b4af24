package servers

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// postgres speaks the protocol of PostgreSQL 7.4 and later.
var postgres = engine{ask: askPostgres, answer: answerPostgres, speaks: speaksPostgres}

// postgresSettings names everything that pgconn would look for in the
// environment or in a home directory; what matters of it is set afterwards. A
// process whose environment names a service file is refused: its name here is
// empty.
const postgresSettings = "host=unused port=5432 user=unused password=unused database=unused sslmode=disable sslcert='' sslkey='' sslrootcert='' " +
	"sslpassword='' sslsni=1 sslcertmode=allow sslnegotiation=postgres passfile='' servicefile='' connect_timeout=0 target_session_attrs=any " +
	"min_protocol_version=3.0 max_protocol_version=3.0 channel_binding=prefer require_auth=''"

func askPostgres(ctx context.Context, conn *wire, l method.Login, s security) error {
	config, err := pgconn.ParseConfig(postgresSettings)
	if err != nil {
		return errDriver
	}
	config.Host, config.Port, config.Fallbacks = "server", 5432, nil // The connection is made already.
	config.User, config.Password = l.Values[method.ValueUser].Reveal(), l.Values[method.ValuePassword].Reveal()
	config.Database = l.Values[method.ValueDatabase].Reveal()
	config.RuntimeParams = map[string]string{"application_name": "tenon"}
	config.TLSConfig, config.RequireAuth = s.config, postgresAuth(s)
	config.MaxProtocolMessageBodyLen = answerLimit
	config.KerberosSrvName, config.KerberosSpn = "", ""
	config.LookupFunc = func(context.Context, string) ([]string, error) { return []string{"192.0.2.1"}, nil }
	config.DialFunc = func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	c, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		first, _ := conn.failure()
		if s.config != nil && string(first) == "N" {
			return verdict{catalog.TLSError, messagePlain}
		}
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "SELECT 1").ReadAll()
	return err
}

// postgresAuth lists the ways of authenticating that keep the password from
// whoever stands in between. None of them is needed with a client certificate.
func postgresAuth(s security) string {
	methods := []string{"scram-sha-256", "md5"}
	if s.verified {
		methods = append(methods, "password")
	}
	if s.client {
		methods = append(methods, "none")
	}
	return strings.Join(methods, ",")
}

// answerPostgres reads the codes of PostgreSQL's appendix A.
func answerPostgres(err error) (verdict, bool) {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		// A way of authenticating that is not in the list has no error of its own.
		if strings.Contains(err.Error(), "require_auth check failed") {
			return verdict{catalog.Unknown, messageMethod}, true
		}
		return verdict{}, false
	}
	class := e.Code[:min(2, len(e.Code))]
	switch {
	case class == "28":
		return verdict{catalog.AuthError, ""}, true
	case e.Code == "42501":
		return verdict{catalog.PermissionError, ""}, true
	case e.Code == "3D000":
		return verdict{catalog.Unknown, messageDatabase}, true
	case e.Code == "53300":
		return verdict{catalog.RateLimited, ""}, true
	case class == "53", class == "57", class == "58", class == "XX":
		return verdict{catalog.ProviderError, ""}, true
	default:
		return verdict{catalog.Unknown, ""}, true
	}
}

func speaksPostgres(first []byte) bool { return strings.IndexByte("SNER", first[0]) >= 0 }
