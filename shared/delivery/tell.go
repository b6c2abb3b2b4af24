package delivery

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/webhook"
)

// Service turns events into deliveries, attempts them and shows what came of
// them. A function that only shows needs Store, Endpoints and Audit.
type Service struct {
	Store       Store
	Endpoints   webhook.Store
	Sender      Sender
	Settings    Settings
	Connections Connections
	Templates   Templates
	SigningKeys SigningKeys
	Connectors  Connectors
	Mailer      notify.Mailer // Nil where no sender is configured.
	Events      notify.Publisher
	Audit       *audit.Log
	NewID       func() string  // Of an event.
	Random      func() float64 // In [0, 1).
	Now         func() time.Time
}

// quiet is for how long a connection is not mailed about again for the same
// reason.
const quiet = 6 * time.Hour

// parallel is how many deliveries of one event are attempted at once.
const parallel = 4

// Tell makes the deliveries of an event, as the bus brings it, and attempts each
// that it made. What fails is on record, to be attempted again. An endpoint
// that is failing is left to the queue, in which tenants take turns: so many
// events to one that is slow hold up nobody else's.
func (s *Service) Tell(ctx context.Context, requestID string, envelope []byte) error {
	event, err := notify.FromBus(envelope)
	if err != nil {
		return err
	}
	ctx = auth.For(ctx, event.Tenant)
	targets, err := s.targets(ctx, event)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	var group sync.WaitGroup
	slots, errs := make(chan struct{}, parallel), make([]error, len(targets))
	for i, target := range targets {
		d := Delivery{Tenant: event.Tenant, Target: target.name, Event: event, State: Pending, Due: now.Add(due.Soon), CreatedAt: now}
		made, err := s.Store.Create(ctx, d)
		if err != nil || !made || target.later {
			errs[i] = err
			continue
		}
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			s.begin(ctx, requestID, d)
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// begin makes the first attempt. Whatever comes of it is on record, or planned
// with the claim: the event itself is done with. A panic is like any failure,
// for nobody above would catch it.
func (s *Service) begin(ctx context.Context, requestID string, d Delivery) {
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "panic", "kind", "delivery", "resource", d.ID(), "stack", string(debug.Stack()))
		}
	}()
	if err := s.attempt(ctx, requestID, d.Tenant, d.ID(), true); err != nil {
		slog.WarnContext(ctx, "planned again", "kind", "delivery", "resource", d.ID(), "error", err)
	}
}

// target is who gets an event; later leaves the first attempt to the queue.
type target struct {
	name  string
	later bool
}

func (s *Service) targets(ctx context.Context, event notify.Event) ([]target, error) {
	endpoints, err := s.Endpoints.List(ctx, event.Tenant)
	if err != nil {
		return nil, err
	}
	var all []target
	for _, e := range endpoints {
		if e.Wants(event.Type) {
			all = append(all, target{e.ID, !e.FailingAt.IsZero()})
		}
	}
	mailed, err := s.mailed(ctx, event)
	if mailed {
		all = append(all, target{name: Mail})
	}
	return all, err
}

// mailed reports whether the admins are to get the event.
func (s *Service) mailed(ctx context.Context, event notify.Event) (bool, error) {
	t, _ := notify.Find(event.Type)
	if s.Mailer == nil || t.Mail == notify.NoMail || event.Type == notify.ConnectionStatus && !urgent(event) {
		return false, nil
	}
	settings, err := s.Settings.GetSettings(ctx, event.Tenant)
	if err != nil || !wanted(settings, t) {
		return false, err
	}
	if event.Type != notify.ConnectionStatus {
		return true, nil
	}
	now := s.Now().UTC()
	return s.Store.Once(ctx, event.Tenant, event.Resource+"/"+event.Detail["reason"], event.ID, now, now.Add(quiet))
}

// urgent reports whether a status needs somebody: other trouble ends by itself.
func urgent(event notify.Event) bool {
	if event.Detail["status"] != connection.StatusDegraded {
		return false
	}
	switch connection.Reason(event.Detail["reason"]).Remedy() {
	case "reconnect", "contact_admin", "grant_permissions":
		return true
	}
	return false
}

// wanted reports whether the tenant's admins get mails of the type.
func wanted(settings tenant.Settings, t notify.Type) bool {
	if len(settings.Admins) == 0 {
		return false
	}
	return t.Mail == notify.WithReminders && settings.Reminders || t.Mail == notify.WithNotices && settings.Notices
}
