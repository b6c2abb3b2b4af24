package servers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
)

// startMariaDB starts a MariaDB that takes ann, admin, busy and plain by their
// password and robot by its certificate too.
func startMariaDB(t *testing.T, ca *authority) *peer {
	t.Helper()
	server := tool(t, "/usr/sbin/mariadbd", "/usr/sbin/mysqld")
	p := newPeer(t)
	data, certificate := filepath.Join(p.dir, "data"), ca.issue(host)
	// What mariadb-install-db does, without the tools of a client that it needs.
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	p.own(data)
	p.run(systemTables(t), server, "--no-defaults", "--bootstrap", "--datadir="+data, "--skip-log-bin", "--innodb-flush-method=nosync", "--tmpdir="+p.dir)
	set := p.write("init.sql", strings.Join([]string{
		"CREATE DATABASE orders;", "CREATE DATABASE closed;",
		"CREATE USER ann@'%' IDENTIFIED BY '" + password + "' REQUIRE SSL;", "GRANT SELECT ON orders.* TO ann@'%';",
		"CREATE USER admin@'%' IDENTIFIED BY '" + password + "';", "GRANT ALL ON *.* TO admin@'%';",
		"CREATE USER busy@'%' IDENTIFIED BY '" + password + "' WITH MAX_USER_CONNECTIONS -1;",
		"CREATE USER robot@'%' IDENTIFIED BY '" + password + "' REQUIRE X509;", "",
	}, "\n"))
	p.start(server, "--no-defaults", "--datadir="+data, "--port="+p.port, "--bind-address=127.0.0.1", "--socket="+p.dir+"/s", "--pid-file="+p.dir+"/pid",
		"--init-file="+set, "--skip-name-resolve", "--innodb-flush-method=nosync", "--ssl-ca="+p.write("ca.crt", ca.PEM),
		"--ssl-cert="+p.write("server.crt", certificate.certificate), "--ssl-key="+p.write("server.key", certificate.key))
	return p
}

// systemTables returns the statements that make the tables of a new server.
func systemTables(t *testing.T) string {
	t.Helper()
	statements := []string{"CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket=NULL;"}
	for _, name := range []string{"system_tables", "performance_tables", "system_tables_data"} {
		text, err := os.ReadFile(tool(t, "/usr/share/mysql/mysql_"+name+".sql", "/usr/share/mysql/mariadb_"+name+".sql", "/usr/share/mariadb/mariadb_"+name+".sql"))
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
	ca, foreign := newAuthority(t, "Vendor CA"), newAuthority(t, "Foreign CA")
	robot := ca.issue("robot")
	attemptAll(t, "mysql", startMariaDB(t, ca), append(attempts(ca, foreign), []attempt{
		{"a client certificate", "", []string{"ca", ca.PEM, "username", "robot", "clientCertificate", robot.certificate, "clientKey", robot.key}, catalog.OK, ""},
		{"no client certificate", "", []string{"ca", ca.PEM, "username", "robot"}, catalog.AuthError, ""},
		{"without TLS", "", []string{"tlsMode", "disable", "username", "admin"}, catalog.OK, ""},
		{"a user who must use TLS, without", "", []string{"tlsMode", "disable"}, catalog.AuthError, ""},
	}...))
}
