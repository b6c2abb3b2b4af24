package servers_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// Proves database: PostgreSQL.
func TestPostgres(t *testing.T) {
	t.Parallel()
	ca, foreign := serverstest.NewAuthority(t, "Vendor CA"), serverstest.NewAuthority(t, "Foreign CA")
	robot, stranger := ca.Issue("robot"), foreign.Issue("robot")
	attemptAll(t, "postgres", serverstest.StartPostgres(t, ca, host, password), append(attempts(ca, foreign), []attempt{
		{"a client certificate", "", []string{"ca", ca.PEM, "username", "robot", "password", "", "database", "orders", "clientCertificate", robot.Certificate, "clientKey", robot.Key}, catalog.OK, ""},
		{"no client certificate", "", []string{"ca", ca.PEM, "username", "robot", "database", "orders"}, catalog.AuthError, ""},
		{"a client certificate of a foreign authority", "", []string{"ca", ca.PEM, "username", "robot", "database", "orders", "clientCertificate", stranger.Certificate, "clientKey", stranger.Key}, catalog.AuthError, ""},
		{"the password in clear text to a server that is verified", "", []string{"ca", ca.PEM, "username", "clear", "database", "orders"}, catalog.OK, ""},
		{"not to one that is not", "", []string{"tlsMode", "require", "username", "clear", "database", "orders"}, catalog.Unknown, "The server asks for a way of authenticating that is not supported or not safe here."},
		{"not without TLS", "", []string{"tlsMode", "disable", "username", "clear", "database", "orders"}, catalog.Unknown, "The server asks for a way of authenticating that is not supported or not safe here."},
		{"without TLS", "", []string{"tlsMode", "disable", "username", "plain", "database", "orders"}, catalog.OK, ""},
		{"never back from TLS", "", []string{"ca", ca.PEM, "username", "plain", "password", "wrong", "database", "orders"}, catalog.AuthError, ""},
	}...))
}
