package e2e_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/servers/serverstest"
)

// Proves database: PostgreSQL, through the API.
func testPostgreSQL(t *testing.T, e *environment, ann *actor) {
	ca, password := serverstest.NewAuthority(t, "Vendor CA"), e.secrets.make("password of a database")
	server := serverstest.StartPostgres(t, ca, "db.vendor.com", password)
	template := serverTemplate(t, e, "postgresql", "database")
	create := func(input, text string, credential fields) api.ConnectionCreate {
		in := api.ConnectionCreate{TemplateID: template, Name: "Orders", Credential: credential, Inputs: map[string]string{
			"host": "127.0.0.1", "port": server.Port, "database": "orders", "username": "ann",
		}}
		in.Inputs[input] = text
		return in
	}
	right := fields{"password": secretOf(password), "ca": secretOf(ca.PEM)}
	wrong, strange := maps.Clone(right), maps.Clone(right)
	wrong["password"] = secretOf(e.secrets.make("wrong password"))
	strange["ca"] = secretOf(serverstest.NewAuthority(t, "Foreign CA").PEM)
	for _, test := range []struct {
		name   string
		in     api.ConnectionCreate
		code   fault.Code
		detail string // Empty for any.
	}{
		{"a wrong password", create("username", "ann", wrong), fault.CodeVerificationFailed, "The system refused the credential."},
		{"no authority", create("username", "ann", fields{"password": right["password"]}), fault.CodeProviderTLS, ""},
		{"a foreign authority", create("username", "ann", strange), fault.CodeProviderTLS, ""},
		{"a missing database", create("database", "nowhere", right), fault.CodeVerificationFailed, "The database does not exist."},
	} {
		p := refused(t, ann, routes.ConnectionCreate, test.in, test.code)
		if test.detail != "" && p.Detail != test.detail {
			t.Errorf("%s: got %q", test.name, p.Detail)
		}
	}
	c := call(t, ann, routes.ConnectionCreate, create("tlsMode", "verify-full", right))
	if c.Status != "active" || c.Account.ID != "ann@127.0.0.1" {
		t.Errorf("got status %s of %+v", c.Status, c.Account)
	}
	values := leased(t, ann, c.ID)
	want := map[string]string{
		"host": "127.0.0.1", "port": server.Port, "database": "orders", "username": "ann", "tlsMode": "verify-full", "password": password, "ca": ca.PEM,
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("leased values (-want +got):\n%s", diff)
	}
	asksDatabase(t, values, "orders ann true")
}

// asksDatabase connects as a runtime does, with libpq's words for what was leased,
// and compares where it is, who it is and whether that is encrypted.
func asksDatabase(t *testing.T, values map[string]string, want string) {
	t.Helper()
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, []byte(values["ca"]), 0o600); err != nil {
		t.Fatal(err)
	}
	var settings []string
	for word, value := range map[string]string{
		"host": values["host"], "port": values["port"], "dbname": values["database"], "user": values["username"],
		"password": values["password"], "sslmode": values["tlsMode"], "sslrootcert": authority,
	} {
		settings = append(settings, word+"='"+value+"'")
	}
	conn, err := pgconn.Connect(t.Context(), strings.Join(settings, " "))
	if err != nil {
		t.Fatalf("connect with the leased values: %v", err)
	}
	defer conn.Close(t.Context())
	const query = "SELECT current_database() || ' ' || current_user || ' ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
	answers, err := conn.Exec(t.Context(), query).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(answers[0].Rows[0][0]); got != want {
		t.Errorf("the database says %q, want %q", got, want)
	}
}
