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

// Orphans removes the secrets that no record names. What looks like an orphan
// may belong to a record that is being restored, so every step can be taken
// back: the first run that finds one puts it into quarantine, where it serves
// as before; a run a day later deletes it, and for a week after that it can be
// restored. What stage a secret is at stands in its tag and nowhere else.
type Orphans struct {
	Secrets     vault.Inventory
	Connections connection.Store
	Templates   template.Store
	Now         func() time.Time
}

const (
	// settled is the age from which a secret must have its record: a template's
	// is written before the record that names it.
	settled = time.Hour
	// quarantine is how long a secret must have been without a record.
	quarantine = 24 * time.Hour
	// margin is how much of the run's time one secret may need.
	margin = 30 * time.Second
)

// finding is what a run makes of one secret.
type finding string

const (
	named       finding = "named"       // By a record.
	released    finding = "released"    // Named again, and out of quarantine.
	quarantined finding = "quarantined" // Found for the first time.
	waiting     finding = "waiting"     // In quarantine.
	discarded   finding = "discarded"   // Deleted, with a window to restore it.
	doubtful    finding = "doubtful"    // Of another tenant by its tag than by its name: left to a person.
)

// Sweep looks every secret of the stage up and takes the next step with those
// that no record names. The counts are of the secrets that were seen, those that
// a record names and the others. A run that has no time left says so in its log
// and ends; one that could not take a step goes on with the rest and fails.
func (o *Orphans) Sweep(ctx context.Context, _ string) (seen, kept, orphans int, err error) {
	counts, err := o.scan(ctx, o.Now())
	for _, n := range counts {
		seen += n
	}
	kept = counts[named] + counts[released]
	slog.InfoContext(ctx, "orphans", "seen", seen, "named", counts[named], "released", counts[released], "quarantined", counts[quarantined],
		"waiting", counts[waiting], "discarded", counts[discarded], "doubtful", counts[doubtful])
	return seen, kept, seen - kept, err
}

// scan examines page by page and counts what it finds.
func (o *Orphans) scan(ctx context.Context, now time.Time) (map[finding]int, error) {
	counts, start := map[finding]int{}, ""
	var failures error
	for {
		page, next, err := o.Secrets.List(ctx, now.Add(-settled), start)
		if err != nil {
			return counts, errors.Join(failures, err)
		}
		for _, x := range page {
			found, err := o.examine(ctx, x, now)
			if err != nil {
				return counts, errors.Join(failures, err)
			}
			counts[found]++
			failures = errors.Join(failures, o.act(ctx, x, found, now))
		}
		if next == "" {
			return counts, failures
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			slog.WarnContext(ctx, "sweep of orphans is incomplete")
			return counts, failures
		}
		start = next
	}
}

// examine decides what a secret is. It changes nothing; a record that cannot be
// read is a failure, never an orphan.
func (o *Orphans) examine(ctx context.Context, x vault.Stored, now time.Time) (finding, error) {
	tenant, resource := vault.SecretOwner(x.Name)
	if tenant == "" || tenant != x.Tenant {
		return doubtful, nil
	}
	has, err := o.named(ctx, tenant, resource, x.Name)
	switch {
	case err != nil:
		return "", err
	case has && x.OrphanSince.IsZero():
		return named, nil
	case has:
		return released, nil
	case x.OrphanSince.IsZero():
		return quarantined, nil
	case now.Sub(x.OrphanSince) < quarantine:
		return waiting, nil
	default:
		return discarded, nil
	}
}

// act takes the step that a finding asks for.
func (o *Orphans) act(ctx context.Context, x vault.Stored, found finding, now time.Time) error {
	if found != named {
		slog.WarnContext(ctx, "secret and record differ", "finding", string(found), "secret", x.Name)
	}
	switch found {
	case released:
		return o.Secrets.Release(ctx, x.Name)
	case quarantined:
		return o.Secrets.Quarantine(ctx, x.Name, now)
	case discarded:
		return o.Secrets.Discard(ctx, x.Name)
	default:
		return nil
	}
}

// named reports whether the record the name speaks of names the secret.
func (o *Orphans) named(ctx context.Context, tenant, resource, name string) (bool, error) {
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
