package servers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
)

// startPostgres starts a PostgreSQL that takes ann, admin, busy, clear and plain
// by their password and robot by its certificate.
func startPostgres(t *testing.T, ca *authority) *peer {
	t.Helper()
	bin := filepath.Dir(tool(t, "/usr/lib/postgresql/*/bin/initdb", "/usr/local/pgsql/bin/initdb"))
	p := newPeer(t)
	data, server := filepath.Join(p.dir, "data"), ca.issue(host)
	p.run("", filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	p.write("data/pg_hba.conf", strings.Join([]string{
		"hostssl all robot 127.0.0.1/32 cert",
		"hostssl all clear 127.0.0.1/32 password",
		"hostnossl all plain 127.0.0.1/32 scram-sha-256",
		"hostnossl all clear 127.0.0.1/32 password",
		"hostssl all all 127.0.0.1/32 scram-sha-256", "",
	}, "\n"))
	p.run(strings.Join([]string{
		"CREATE ROLE ann LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE admin SUPERUSER LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE busy LOGIN CONNECTION LIMIT 0 PASSWORD '" + password + "'",
		"CREATE ROLE clear LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE plain LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE robot LOGIN",
		"CREATE DATABASE ann STRATEGY file_copy", "CREATE DATABASE busy STRATEGY file_copy", "CREATE DATABASE orders STRATEGY file_copy", "CREATE DATABASE closed STRATEGY file_copy",
		"REVOKE CONNECT ON DATABASE closed FROM PUBLIC", "",
	}, "\n"), filepath.Join(bin, "postgres"), "--single", "-D", data, "-F", "template1")
	p.start(filepath.Join(bin, "postgres"), "-D", data, "-p", p.port, "-F", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "ssl=on", "-c", "ssl_cert_file="+p.write("server.crt", server.certificate), "-c", "ssl_key_file="+p.write("server.key", server.key),
		"-c", "ssl_ca_file="+p.write("ca.crt", ca.PEM))
	p.until("is not ready", func() bool { // It listens before it is.
		text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
		return err == nil && strings.Contains(string(text), "ready")
	})
	return p
}

// Proves database: PostgreSQL.
func TestPostgres(t *testing.T) {
	t.Parallel()
	ca, foreign := newAuthority(t, "Vendor CA"), newAuthority(t, "Foreign CA")
	robot, stranger := ca.issue("robot"), foreign.issue("robot")
	attemptAll(t, "postgres", startPostgres(t, ca), append(attempts(ca, foreign), []attempt{
		{"a client certificate", "", []string{"ca", ca.PEM, "username", "robot", "password", "", "database", "orders", "clientCertificate", robot.certificate, "clientKey", robot.key}, catalog.OK, ""},
		{"no client certificate", "", []string{"ca", ca.PEM, "username", "robot", "database", "orders"}, catalog.AuthError, ""},
		{"a client certificate of a foreign authority", "", []string{"ca", ca.PEM, "username", "robot", "database", "orders", "clientCertificate", stranger.certificate, "clientKey", stranger.key}, catalog.AuthError, ""},
		{"the password in clear text to a server that is verified", "", []string{"ca", ca.PEM, "username", "clear", "database", "orders"}, catalog.OK, ""},
		{"not to one that is not", "", []string{"tlsMode", "require", "username", "clear", "database", "orders"}, catalog.Unknown, "The server asks for a way of authenticating that is not supported or not safe here."},
		{"not without TLS", "", []string{"tlsMode", "disable", "username", "clear", "database", "orders"}, catalog.Unknown, "The server asks for a way of authenticating that is not supported or not safe here."},
		{"without TLS", "", []string{"tlsMode", "disable", "username", "plain", "database", "orders"}, catalog.OK, ""},
		{"never back from TLS", "", []string{"ca", ca.PEM, "username", "plain", "password", "wrong", "database", "orders"}, catalog.AuthError, ""},
	}...))
}
