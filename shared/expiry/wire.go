package expiry

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// QueryFrom reads the request for a list that begins at start.
func QueryFrom(in api.ExpirationList, start string) Query {
	return Query{WithinDays: in.WithinDays, Kind: Kind(in.Kind), Start: start, Limit: in.Limit}
}

// API returns what the API shows of an entry.
func (e Entry) API() api.Expiration {
	out := api.Expiration{
		Kind: string(e.Kind), ResourceID: e.Resource, Name: e.Name, Connector: e.Connector, Environment: e.Environment,
		Date: e.At, DaysLeft: e.DaysLeft, Renewal: e.renewal(), Remedy: e.Remedy(),
	}
	if !e.ReminderAt.IsZero() {
		at := e.ReminderAt.UTC().Truncate(time.Second)
		out.NextReminderAt = &at
	}
	return out
}

// renewal says who brings a later date.
func (d Date) renewal() string {
	if d.Renews {
		return "automatic"
	}
	return "person"
}
