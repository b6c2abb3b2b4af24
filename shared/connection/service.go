package connection

import (
	"context"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
)

// Service reads connections and changes what people may change.
type Service struct {
	Store  Store
	Audit  *audit.Log
	Events notify.Publisher
	Inputs InputChecker
	Gate   Gate
	Uses   Uses // May be nil in functions that neither end nor show a use.
	Now    func() time.Time
}

// InputChecker validates the inputs of a connection against its connector and
// returns them in canonical form.
type InputChecker interface {
	CheckInputs(ctx context.Context, c Connection, given map[string]string) (map[string]string, error)
	// Place returns the base URL of the connection, and by input the hosts that a
	// credential is bound to which is given now.
	Place(ctx context.Context, c Connection) (baseURL string, hosts map[string]string, err error)
}

// Get returns one connection.
func (s *Service) Get(ctx context.Context, caller auth.Caller, id string) (Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionRead, id); err != nil {
		return Connection{}, err
	}
	return s.Store.Get(ctx, caller.Tenant, id)
}

// List returns connections in order of id. A status is derived, not stored, so
// it is matched here; a page may then hold fewer than limit.
func (s *Service) List(ctx context.Context, caller auth.Caller, f Filter, status, start string, limit int) ([]Connection, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionRead, ""); err != nil {
		return nil, "", err
	}
	found, next, err := s.Store.List(ctx, caller.Tenant, f, start, limit)
	if err != nil || status == "" {
		return found, next, err
	}
	kept := found[:0]
	for i := range found {
		if StatusOf(&found[i], s.Now()).Name == status {
			kept = append(kept, found[i])
		}
	}
	return kept, next, nil
}

// Summary counts the tenant's connections per connector and status.
func (s *Service) Summary(ctx context.Context, caller auth.Caller) (Summary, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionRead, ""); err != nil {
		return nil, err
	}
	counts := Summary{}
	for start := ""; ; {
		found, next, err := s.Store.List(ctx, caller.Tenant, Filter{}, start, 100)
		if err != nil {
			return nil, err
		}
		for i := range found {
			c := &found[i]
			if counts[c.Connector] == nil {
				counts[c.Connector] = map[string]int{}
			}
			counts[c.Connector][StatusOf(c, s.Now()).Name]++
		}
		if next == "" {
			return counts, nil
		}
		start = next
	}
}

// Change is what Update changes; nil members stay.
type Change struct {
	Name   *string
	Labels map[string]string
	Inputs map[string]string
}

// Update changes name, labels and inputs of the version named by ifMatch.
func (s *Service) Update(ctx context.Context, caller auth.Caller, id, ifMatch string, change Change) (Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionUpdate, id); err != nil {
		return Connection{}, err
	}
	return s.change(ctx, caller, audit.ConnectionUpdate, id, func(c *Connection) error {
		if err := MatchRevision(ifMatch, c.Revision); err != nil {
			return err
		}
		if change.Name != nil {
			c.Name = *change.Name
		}
		if change.Labels != nil {
			c.Labels = maps.Clone(change.Labels)
		}
		if change.Inputs == nil {
			return nil
		}
		inputs, err := s.Inputs.CheckInputs(ctx, *c, change.Inputs)
		if err != nil {
			return err
		}
		if maps.Equal(inputs, c.Inputs) {
			return nil
		}
		c.Handoff = nil // Who consents does so to what was said before.
		if c.Lifecycle == Ready && c.Credential != nil {
			c.Due.Health = s.Now().Add(due.Soon) // Another address may be another account.
		}
		c.Inputs = inputs
		baseURL, hosts, err := s.Inputs.Place(ctx, *c)
		if err == nil {
			c.Readdress(baseURL, hosts, s.Now().UTC())
		}
		return err
	})
}

// Disable pauses the connection: no lease is given and no check is made.
func (s *Service) Disable(ctx context.Context, caller auth.Caller, id, ifMatch string) (Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionDisable, id); err != nil {
		return Connection{}, err
	}
	return s.change(ctx, caller, audit.ConnectionDisable, id, func(c *Connection) error {
		c.Lifecycle, c.Due.Refresh, c.Due.Health = Disabled, time.Time{}, time.Time{}
		if c.Cutoff != nil {
			c.Cutoff.Paused = true
		}
		return MatchIfGiven(ifMatch, c.Revision)
	})
}

// Enable ends the pause. The connection is probed and refreshed by the next sweeps.
// Of what was cut off it begins anew, without a credential.
func (s *Service) Enable(ctx context.Context, caller auth.Caller, id, ifMatch string) (Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionEnable, id); err != nil {
		return Connection{}, err
	}
	return s.change(ctx, caller, audit.ConnectionEnable, id, func(c *Connection) error {
		if err := MatchIfGiven(ifMatch, c.Revision); err != nil || c.Lifecycle != Disabled {
			return err
		}
		if err := Pass(ctx, s.Gate, c); err != nil {
			return err
		}
		if c.Cutoff != nil {
			c.Cutoff.Paused = false
			return c.Restore()
		}
		c.Lifecycle = Ready
		switch {
		case c.Credential != nil:
			c.Due.Health = s.Now().Add(due.Soon)
			if c.Credential.Refreshable && !c.Health.Reason.fatal() {
				c.Due.Refresh = s.Now().Add(due.Soon)
			}
			c.Due.Expiry = s.Now().Add(due.Soon)
		case !c.Due.Pending.IsZero(): // Else the time to connect ran out during the pause.
			c.Lifecycle = Pending
		}
		return nil
	})
}

// change applies a person's change and tells of a new status.
func (s *Service) change(ctx context.Context, caller auth.Caller, action audit.Action, id string, apply func(*Connection) error) (Connection, error) {
	c, err := Transition(ctx, s.Store, s.Events, s.Now, caller.Tenant, id, func(c *Connection) error {
		if c.Lifecycle == Deleting {
			return ErrNotFound
		}
		if err := apply(c); err != nil {
			return err
		}
		c.Revision++
		return nil
	})
	return c, s.Audit.Refuse(ctx, caller, action, id, err)
}

// Transition updates a connection, keeps Since in step with the derived status
// and publishes the event when the status changed, with what apply told. The
// events are on the record until they are out: one that cannot be published is
// no failure of the update, and left to the reconciler.
func Transition(ctx context.Context, store Store, events notify.Publisher, now func() time.Time, tenant, id string, apply func(*Connection) error) (Connection, error) {
	told := false
	c, err := store.Update(ctx, tenant, id, func(c *Connection) error {
		before := c.newest()
		err := c.Change(now().UTC(), apply)
		told = c.newest() != before
		return err
	})
	if err != nil || !told {
		return c, err
	}
	c, err = Drain(ctx, store, events, c)
	if err != nil {
		slog.WarnContext(ctx, "publish events", "connection", id, "left", len(c.Outbox), "error", err)
	}
	return c, nil
}

// MatchIfGiven is MatchRevision for changes that are safe without If-Match.
func MatchIfGiven(ifMatch string, revision int) error {
	if ifMatch == "" {
		return nil
	}
	return MatchRevision(ifMatch, revision)
}

// MatchRevision compares an If-Match header with a revision: fault
// precondition_required when it is missing, precondition_failed when it is stale.
func MatchRevision(ifMatch string, revision int) error {
	switch strings.TrimPrefix(ifMatch, "W/") {
	case "":
		return fault.New(fault.PreconditionNeeded, fault.CodePreconditionRequired, "Send the ETag of the version you saw in If-Match.")
	case strconv.Quote(strconv.Itoa(revision)), "*":
		return nil
	default:
		return fault.New(fault.PreconditionFailed, fault.CodePreconditionFailed, "It was changed by someone else. Read it again.")
	}
}
