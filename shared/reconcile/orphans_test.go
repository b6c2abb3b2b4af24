package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/vault"
)

// inventory has pages of two names.
type inventory []string

func (v inventory) List(_ context.Context, before time.Time, start string) ([]string, string, error) {
	if !before.Equal(now.Add(-time.Hour)) {
		return nil, "", errors.New("younger secrets may not have their record yet")
	}
	var after []string
	for _, name := range v {
		if name > start {
			after = append(after, name)
		}
	}
	if len(after) <= 2 {
		return after, "", nil
	}
	return after[:2], after[1], nil
}

var kept = inventory{
	"tenon/test/acme/con_1/sec_1", "tenon/test/acme/con_1/sec_2", "tenon/test/acme/con_9/sec_1",
	"tenon/test/globex/con_1/sec_1", "tenon/test/org/tpl_1/sec_1", "tenon/test/org/tpl_1/sec_2", "tenon/test/org/tpl_2/sec_1",
}

func orphans(t *testing.T) *reconcile.Orphans {
	t.Helper()
	connections, templates := connectiontest.NewMemory(), templatetest.NewMemory()
	if err := connections.Create(t.Context(), connection.Connection{Tenant: "acme", ID: "con_1", SecretName: kept[0]}); err != nil {
		t.Fatal(err)
	}
	client := func(secret string) template.Client {
		return template.Client{Secret: &template.ClientSecret{At: vault.Locator{Secret: secret}}}
	}
	previous := client(kept[6])
	for _, made := range []template.Template{{ID: "tpl_1", Client: client(kept[5])}, {ID: "tpl_2", Previous: &previous}} {
		made.Owner, made.StableKey = "org", made.ID
		if err := templates.Create(t.Context(), made); err != nil {
			t.Fatal(err)
		}
	}
	return &reconcile.Orphans{Secrets: kept, Connections: connections, Templates: templates, Now: func() time.Time { return now }}
}

// STO-10: the report names exactly the secrets that no record names. It sets
// the default logger and so runs alone.
func TestReport(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(was) })
	seen, named, lost, err := orphans(t).Report(t.Context(), "run-1")
	if seen != 7 || named != 3 || lost != 4 || err != nil {
		t.Errorf("got %d seen, %d named, %d orphans, %v; want 7, 3, 4", seen, named, lost, err)
	}
	var reported []string
	for line := range strings.Lines(log.String()) {
		_, name, _ := strings.Cut(strings.TrimSpace(line), " secret=")
		reported = append(reported, name)
	}
	if diff := cmp.Diff([]string{kept[1], kept[2], kept[3], kept[4]}, reported); diff != "" {
		t.Errorf("reported (-want +got):\n%s", diff)
	}
}

// What cannot be looked up is not taken for an orphan.
func TestReportFailsWithoutTheTable(t *testing.T) {
	t.Parallel()
	o := orphans(t)
	o.Connections = unreadable{o.Connections}
	if _, _, lost, err := o.Report(t.Context(), "run-1"); err == nil || lost != 0 {
		t.Errorf("got %d orphans, %v; want the failure", lost, err)
	}
}

type unreadable struct{ connection.Store }

func (unreadable) Get(context.Context, string, string) (connection.Connection, error) {
	return connection.Connection{}, errors.New("the table is down")
}

func TestReportEndsInTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if seen, _, _, err := orphans(t).Report(ctx, "run-1"); seen != 2 || err != nil {
		t.Errorf("got %d seen, %v; want those of the first page", seen, err)
	}
}
