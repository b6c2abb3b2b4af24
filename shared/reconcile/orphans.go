package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// Orphans reports the secrets that no record names. It changes nothing: what
// looks like an orphan may belong to a record that was restored too early or
// deleted by mistake, so a person decides.
type Orphans struct {
	Secrets     Inventory
	Connections connection.Store
	Templates   template.Store
	Now         func() time.Time
}

// Inventory lists the secret store.
type Inventory interface {
	// List returns names of the stage's secrets that were made before t, page by
	// page: those after start, empty for the first page, and where to go on,
	// empty at the end.
	List(ctx context.Context, t time.Time, start string) (names []string, next string, err error)
}

// settled is the age from which a secret must have its record: a template's is
// written before the record that names it.
const settled = time.Hour

// Report looks every secret of the stage up. The counts are of the secrets that
// were seen, those that a record names and those that none does. A run that has
// no time left says so in its log and ends.
func (o *Orphans) Report(ctx context.Context, _ string) (seen, named, orphans int, err error) {
	before, start := o.Now().Add(-settled), ""
	for {
		names, next, err := o.Secrets.List(ctx, before, start)
		if err != nil {
			return seen, named, orphans, err
		}
		for _, name := range names {
			found, err := o.named(ctx, name)
			if err != nil {
				return seen, named, orphans, err
			}
			seen++
			if found {
				named++
				continue
			}
			orphans++
			slog.WarnContext(ctx, "secret that no record names", "secret", name)
		}
		if next == "" {
			return seen, named, orphans, nil
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			slog.WarnContext(ctx, "report of orphans is incomplete", "seen", seen)
			return seen, named, orphans, nil
		}
		start = next
	}
}

// named reports whether the record the name speaks of names the secret.
func (o *Orphans) named(ctx context.Context, name string) (bool, error) {
	tenant, resource := vault.SecretOwner(name)
	if strings.HasPrefix(resource, string(id.Template)+"_") {
		t, err := o.Templates.Get(ctx, tenant, resource)
		if errors.Is(err, template.ErrNotFound) {
			return false, nil
		}
		return t.Names(name), err
	}
	c, err := o.Connections.Get(ctx, tenant, resource)
	if errors.Is(err, connection.ErrNotFound) {
		return false, nil
	}
	return c.SecretName == name, err
}
