package servers

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/go-sql-driver/mysql"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// mySQL speaks the protocol of MySQL 4.1 and later, and of MariaDB.
var mySQL = engine{ask: askMySQL, answer: answerMySQL, speaks: speaksMySQL, reveals: true}

func askMySQL(ctx context.Context, conn *wire, l method.Login, s security) error {
	config := mysql.NewConfig()
	config.User, config.Passwd = l.Values[method.ValueUser].Reveal(), l.Values[method.ValuePassword].Reveal()
	config.DBName, config.TLS = l.Values[method.ValueDatabase].Reveal(), s.config
	config.Net, config.Addr = "tcp", "server:3306" // The connection is made already.
	config.DialFunc = func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	config.MaxAllowedPacket = answerLimit
	config.Logger = new(mysql.NopLogger)
	config.CheckConnLiveness = false
	// The password in clear text is for servers that ask another system about it.
	config.AllowCleartextPasswords = s.config != nil && s.verified
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return errDriver
	}
	return selectOne(ctx, connector)
}

// selectOne logs in, selects 1 and logs out, without the pool of database/sql,
// which would try again.
func selectOne(ctx context.Context, connector driver.Connector) error {
	conn, err := connector.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	preparer, ok := conn.(driver.ConnPrepareContext)
	if !ok {
		return errDriver
	}
	statement, err := preparer.PrepareContext(ctx, "SELECT 1")
	if err != nil {
		return err
	}
	defer statement.Close()
	querier, ok := statement.(driver.StmtQueryContext)
	if !ok {
		return errDriver
	}
	rows, err := querier.QueryContext(ctx, nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := rows.Next(make([]driver.Value, len(rows.Columns()))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// answerMySQL reads the numbers of the MySQL Error Message Reference and of
// MariaDB's.
func answerMySQL(err error) (verdict, bool) {
	switch {
	case errors.Is(err, mysql.ErrNoTLS):
		return verdict{catalog.TLSError, messagePlain}, true
	case errors.Is(err, mysql.ErrCleartextPassword), errors.Is(err, mysql.ErrOldPassword), errors.Is(err, mysql.ErrUnknownPlugin):
		return verdict{catalog.Unknown, messageMethod}, true
	}
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		return verdict{}, false
	}
	switch e.Number {
	case 1045, 1698, 1820, 1862, 3118, 4151: // Denied, by plugin, password to be changed, expired, locked, locked (MariaDB).
		return verdict{catalog.AuthError, ""}, true
	case 1044, 1142, 1143, 1227: // To a database, table, column; a privilege.
		return verdict{catalog.PermissionError, ""}, true
	case 1049:
		return verdict{catalog.Unknown, messageDatabase}, true
	case 1040, 1203, 1226: // Too many connections: at all, of the user, in the hour.
		return verdict{catalog.RateLimited, ""}, true
	case 1129, 1130: // The host is blocked, or not allowed.
		return verdict{catalog.Unknown, messageAddress}, true
	case 3159: // Insecure transport.
		return verdict{catalog.TLSError, messageWantsTLS}, true
	case 1037, 1041, 1053, 1077: // Out of memory, twice; shutting down, twice.
		return verdict{catalog.ProviderError, ""}, true
	default:
		return verdict{catalog.Unknown, ""}, true
	}
}

// speaksMySQL looks for the packet of number 0 that a server greets with:
// version 10 of the handshake, or an error.
func speaksMySQL(first []byte) bool {
	return len(first) < 5 || first[3] == 0 && (first[4] == 10 || first[4] == 0xff)
}
