package servers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// startMariaDB starts a MariaDB that takes ann, admin, busy and plain by their
// password and robot by its certificate too.
func startMariaDB(t *testing.T, ca *serverstest.Authority) *serverstest.Peer {
	t.Helper()
	server := serverstest.Tool(t, "/usr/sbin/mariadbd", "/usr/sbin/mysqld")
	p := serverstest.NewPeer(t)
	data, certificate := filepath.Join(p.Dir, "data"), ca.Issue(host)
	// What mariadb-install-db does, without the tools of a client that it needs.
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	p.Own(data)
	p.Run(systemTables(t), server, "--no-defaults", "--bootstrap", "--datadir="+data, "--skip-log-bin", "--innodb-flush-method=nosync", "--tmpdir="+p.Dir)
	set := p.Write("init.sql", strings.Join([]string{
		"CREATE DATABASE orders;", "CREATE DATABASE closed;",
		"CREATE USER ann@'%' IDENTIFIED BY '" + password + "' REQUIRE SSL;", "GRANT SELECT ON orders.* TO ann@'%';",
		"CREATE USER admin@'%' IDENTIFIED BY '" + password + "';", "GRANT ALL ON *.* TO admin@'%';",
		"CREATE USER busy@'%' IDENTIFIED BY '" + password + "' WITH MAX_USER_CONNECTIONS -1;",
		"CREATE USER robot@'%' IDENTIFIED BY '" + password + "' REQUIRE X509;", "",
	}, "\n"))
	p.Start(server, "--no-defaults", "--datadir="+data, "--port="+p.Port, "--bind-address=127.0.0.1", "--socket="+p.Dir+"/s", "--pid-file="+p.Dir+"/pid",
		"--init-file="+set, "--skip-name-resolve", "--innodb-flush-method=nosync", "--ssl-ca="+p.Write("ca.crt", ca.PEM),
		"--ssl-cert="+p.Write("server.crt", certificate.Certificate), "--ssl-key="+p.Write("server.key", certificate.Key))
	return p
}

// systemTables returns the statements that make the tables of a new server.
func systemTables(t *testing.T) string {
	t.Helper()
	statements := []string{"CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket=NULL;"}
	for _, name := range []string{"system_tables", "performance_tables", "system_tables_data"} {
		text, err := os.ReadFile(serverstest.Tool(t, "/usr/share/mysql/mysql_"+name+".sql", "/usr/share/mysql/mariadb_"+name+".sql", "/usr/share/mariadb/mariadb_"+name+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, string(text))
	}
	return strings.Join(statements, "\n")
}

// Proves database: MariaDB (MySQL itself was not run).
func TestMariaDB(t *testing.T) {
	t.Parallel()
	ca, foreign := serverstest.NewAuthority(t, "Vendor CA"), serverstest.NewAuthority(t, "Foreign CA")
	robot := ca.Issue("robot")
	attemptAll(t, "mysql", startMariaDB(t, ca), append(attempts(ca, foreign), []attempt{
		{"a client certificate", "", []string{"ca", ca.PEM, "username", "robot", "clientCertificate", robot.Certificate, "clientKey", robot.Key}, catalog.OK, ""},
		{"no client certificate", "", []string{"ca", ca.PEM, "username", "robot"}, catalog.AuthError, ""},
		{"without TLS", "", []string{"tlsMode", "disable", "username", "admin"}, catalog.OK, ""},
		{"a user who must use TLS, without", "", []string{"tlsMode", "disable"}, catalog.AuthError, ""},
	}...))
}
