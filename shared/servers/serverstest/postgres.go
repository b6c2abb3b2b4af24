package serverstest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// StartPostgres starts a PostgreSQL of that name that takes ann, admin, busy,
// clear and plain by the password and robot by its certificate. It has a database
// orders that all may enter and a database closed.
func StartPostgres(t *testing.T, ca *Authority, name, password string) *Peer {
	t.Helper()
	bin := filepath.Dir(Tool(t, "/usr/lib/postgresql/*/bin/initdb", "/usr/local/pgsql/bin/initdb"))
	p := NewPeer(t)
	data, server := filepath.Join(p.Dir, "data"), ca.Issue(name)
	p.Run("", filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	p.Write("data/pg_hba.conf", strings.Join([]string{
		"hostssl all robot 127.0.0.1/32 cert",
		"hostssl all clear 127.0.0.1/32 password",
		"hostnossl all plain 127.0.0.1/32 scram-sha-256",
		"hostnossl all clear 127.0.0.1/32 password",
		"hostssl all all 127.0.0.1/32 scram-sha-256", "",
	}, "\n"))
	p.Run(strings.Join([]string{
		"CREATE ROLE ann LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE admin SUPERUSER LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE busy LOGIN CONNECTION LIMIT 0 PASSWORD '" + password + "'",
		"CREATE ROLE clear LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE plain LOGIN PASSWORD '" + password + "'",
		"CREATE ROLE robot LOGIN",
		"CREATE DATABASE ann STRATEGY file_copy", "CREATE DATABASE busy STRATEGY file_copy", "CREATE DATABASE orders STRATEGY file_copy", "CREATE DATABASE closed STRATEGY file_copy",
		"REVOKE CONNECT ON DATABASE closed FROM PUBLIC", "",
	}, "\n"), filepath.Join(bin, "postgres"), "--single", "-D", data, "-F", "template1")
	p.Start(filepath.Join(bin, "postgres"), "-D", data, "-p", p.Port, "-F", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "ssl=on", "-c", "ssl_cert_file="+p.Write("server.crt", server.Certificate), "-c", "ssl_key_file="+p.Write("server.key", server.Key),
		"-c", "ssl_ca_file="+p.Write("ca.crt", ca.PEM))
	p.Until("is not ready", func() bool { // It listens before it is.
		text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
		return err == nil && strings.Contains(string(text), "ready")
	})
	return p
}
