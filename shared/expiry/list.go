package expiry

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Query selects what is listed.
type Query struct {
	WithinDays int  // From now.
	Kind       Kind // Empty for all.
	Start      string
	Limit      int
}

// Entry is a date as it is listed.
type Entry struct {
	Date
	DaysLeft   int       // Whole days; negative for what has ended.
	ReminderAt time.Time // The next; zero when none is planned.
}

// past is how long what has ended stays in the list. A rotation that is due stays
// until it is done.
const past = 30 * day

// row is an entry before its record is read.
type row struct {
	Place
	read func(ctx context.Context) (Date, error)
}

// listing is one call of List.
type listing struct {
	*Service
	tenant   string
	settings tenant.Settings
	after    Place
	now      time.Time
	until    time.Time
	limit    int
}

// List returns the tenant's dates up to a day, the earliest first, what ended in
// the last thirty days included, and where to go on. It reads the ledger and the
// records that it lists, and no others; an entry whose record has another date by
// now is left out, so that a page may hold fewer than limit.
func (s *Service) List(ctx context.Context, caller auth.Caller, q Query) ([]Entry, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.ExpirationRead, ""); err != nil {
		return nil, "", err
	}
	settings, err := s.Settings.GetSettings(ctx, caller.Tenant)
	if err != nil {
		return nil, "", err
	}
	now := s.Now().UTC()
	l := listing{s, caller.Tenant, settings, parsePosition(q.Start), now, now.Add(time.Duration(q.WithinDays) * day), q.Limit}
	rows, err := l.rows(ctx, q.Kind)
	if err != nil {
		return nil, "", err
	}
	slices.SortStableFunc(rows, func(a, b row) int { return a.Compare(b.Place) })
	next := ""
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		next = position(rows[q.Limit-1].Place)
	}
	var entries []Entry
	for _, r := range rows {
		d, err := r.read(ctx)
		if fault.Has(err, fault.CodeNotFound) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		if d.At.Equal(r.At) && (q.Kind == "" || d.Kind == q.Kind) {
			entries = append(entries, Entry{d, int(d.At.Sub(now) / day), d.reminder(settings, now)})
		}
	}
	return entries, next, nil
}

// rows returns more than a page of the kind, if there is as much.
func (l listing) rows(ctx context.Context, wanted Kind) ([]row, error) {
	var all []row
	for _, part := range []struct {
		kinds []Kind
		rows  func(context.Context) ([]row, error)
	}{
		{[]Kind{Credential, Certificate, RefreshToken, SigningKey}, l.dated},
		{[]Kind{Rotation}, l.aged},
		{[]Kind{ClientSecret}, l.clients},
		{[]Kind{Sunset}, l.sunsets},
	} {
		if wanted != "" && !slices.Contains(part.kinds, wanted) {
			continue
		}
		rows, err := part.rows(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

func (l listing) dated(ctx context.Context) ([]row, error) {
	after := l.after
	if begins := l.now.Add(-past); after.At.Before(begins) {
		after = Place{At: begins}
	}
	places, err := l.Store.Places(ctx, l.tenant, Dated, after, l.until, l.limit+1)
	var rows []row
	for _, p := range places {
		rows = append(rows, row{p, func(ctx context.Context) (Date, error) { return l.date(ctx, p) }})
	}
	return rows, err
}

func (l listing) date(ctx context.Context, p Place) (Date, error) {
	if p.Kind == ofSigningKey {
		k, err := l.SigningKeys.Get(ctx, l.tenant, p.ID)
		d, _ := signingKeyDate(k)
		return d, err
	}
	c, err := l.Connections.Get(ctx, l.tenant, p.ID)
	d, _ := connectionDate(c, l.settings.Rotation())
	return d, err
}

// aged returns keys by the day of their rotation, which lies as many days behind
// the one on which they were set as the tenant wants by now.
func (l listing) aged(ctx context.Context) ([]row, error) {
	age := time.Duration(l.settings.Rotation()) * day
	if age == 0 {
		return nil, nil
	}
	after := l.after
	if !after.At.IsZero() {
		after.At = after.At.Add(-age)
	}
	places, err := l.Store.Places(ctx, l.tenant, Aged, after, l.until.Add(-age), l.limit+1)
	var rows []row
	for _, p := range places {
		p.At = p.At.Add(age)
		rows = append(rows, row{p, func(ctx context.Context) (Date, error) { return l.date(ctx, p) }})
	}
	return rows, err
}

// listed reports whether a place is on this page or a later one.
func (l listing) listed(p Place) bool {
	return p.Compare(l.after) > 0 && !p.At.Before(l.now.Add(-past)) && !p.At.After(l.until)
}

// position writes the place to go on from, parsePosition reads it. The id is the
// record's; the cursor around it cannot be forged.
func position(p Place) string { return p.At.UTC().Format(time.RFC3339Nano) + " " + p.ID }

func parsePosition(s string) Place {
	stamp, id, _ := strings.Cut(s, " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return Place{}
	}
	return Place{At: at, ID: id}
}
