package dynamo

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/killswitch"
)

// KillSwitches is the killswitch.Store. The records are the organization's, and so
// is the one item that lists those that are active.
type KillSwitches struct{ Table }

func killSwitchKey(id string) key {
	return key{PK: auth.Organization + "#" + due.KillSwitch, SK: id}
}

// activeKey sorts before every id.
func activeKey() key { return killSwitchKey("active") }

// activeItem lists the active switches as it is stored.
type activeItem struct {
	key
	Switches []activeSwitch `dynamodbav:"switches,omitempty"`
	Version  int64          `dynamodbav:"v"`
}

type activeSwitch struct {
	ID        string           `dynamodbav:"id"`
	Scope     killswitch.Scope `dynamodbav:"scope"`
	Tenant    string           `dynamodbav:"tenant,omitempty"`
	Connector string           `dynamodbav:"connector,omitempty"`
}

// Active implements killswitch.ActiveStore.
func (s KillSwitches) Active(ctx context.Context) ([]killswitch.Active, error) {
	item, err := s.active(ctx)
	var found []killswitch.Active
	for _, a := range item.Switches {
		found = append(found, killswitch.Active{ID: a.ID, Target: killswitch.Target{Scope: a.Scope, Tenant: a.Tenant, Connector: a.Connector}})
	}
	return found, err
}

func (s KillSwitches) active(ctx context.Context) (activeItem, error) {
	item := activeItem{key: activeKey()}
	_, err := s.get(ctx, item.key, &item)
	return item, err
}

// activeStep replaces the list that was seen.
func (s KillSwitches) activeStep(seen activeItem, switches []activeSwitch) (step, error) {
	condition := unchanged(seen.Version)
	if seen.Version == 0 {
		condition = absent()
	}
	return s.putStep(activeItem{key: activeKey(), Switches: switches, Version: seen.Version + 1}, condition, errRefused)
}

// Create implements killswitch.Store.
func (s KillSwitches) Create(ctx context.Context, r killswitch.Record) error {
	r.Version = 1
	record, err := s.putStep(newKillSwitchItem(r), absent(), errors.New("the identifier of the kill switch is taken"))
	if err != nil {
		return err
	}
	return again(ctx, func() error {
		seen, err := s.active(ctx)
		if err != nil {
			return err
		}
		if len(seen.Switches) >= killswitch.Most {
			return killswitch.ErrTooMany
		}
		added := activeSwitch{ID: r.ID, Scope: r.Scope, Tenant: r.Tenant, Connector: r.Connector}
		list, err := s.activeStep(seen, append(seen.Switches, added))
		if err != nil {
			return err
		}
		return s.transact(ctx, record, list)
	})
}

// Get implements killswitch.Store.
func (s KillSwitches) Get(ctx context.Context, id string) (killswitch.Record, error) {
	if id == activeKey().SK {
		return killswitch.Record{}, killswitch.ErrNotFound
	}
	var item killSwitchItem
	found, err := s.get(ctx, killSwitchKey(id), &item)
	if err != nil {
		return killswitch.Record{}, err
	}
	if !found {
		return killswitch.Record{}, killswitch.ErrNotFound
	}
	return item.record(), nil
}

// Update implements killswitch.Store.
func (s KillSwitches) Update(ctx context.Context, id string, change func(*killswitch.Record) error) (killswitch.Record, error) {
	var r killswitch.Record
	err := again(ctx, func() (err error) {
		if r, err = s.Get(ctx, id); err != nil {
			return err
		}
		seen, lifted := r.Version, !r.LiftedAt.IsZero()
		if err := change(&r); err != nil {
			return err
		}
		r.ID, r.Version = id, seen+1
		if !lifted && !r.LiftedAt.IsZero() {
			return s.lift(ctx, r, seen)
		}
		_, err = s.put(ctx, newKillSwitchItem(r), unchanged(seen))
		return err
	})
	if err != nil {
		return killswitch.Record{}, err
	}
	return r, nil
}

// lift stores the record and takes it off the list.
func (s KillSwitches) lift(ctx context.Context, r killswitch.Record, seen int64) error {
	active, err := s.active(ctx)
	if err != nil {
		return err
	}
	record, err := s.putStep(newKillSwitchItem(r), unchanged(seen), errRefused)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(active.Switches), func(a activeSwitch) bool { return a.ID == r.ID })
	list, err := s.activeStep(active, left)
	if err != nil {
		return err
	}
	return s.transact(ctx, record, list)
}

// List implements killswitch.Store.
func (s KillSwitches) List(ctx context.Context, tenant, start string, limit int) ([]killswitch.Record, string, error) {
	if !strings.HasPrefix(start, "kls_") {
		start = activeKey().SK
	}
	return list(ctx, s.Table, partition(activeKey().PK, start).match("tenant", tenant), limit, killSwitchItem.record)
}
