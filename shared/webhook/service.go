package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// limit is how many endpoints a tenant may have. Requests at the same moment may
// go over it by their number.
const limit = 10

var (
	errLimit   = fault.New(fault.Conflict, fault.CodeLimitExceeded, "The tenant has as many webhook endpoints as it may have. Delete one first.")
	errShown   = fault.New(fault.Conflict, fault.CodeConflict, "The secret of this endpoint is not shown again. Read the endpoint, or rotate its secret.")
	errSecrets = fault.New(fault.Conflict, fault.CodeLimitExceeded, "Too many secrets of this endpoint sign at the moment. Rotate again a day after the first of them was replaced.")
)

// Service makes and changes endpoints. Sealer, Random, Idempotency, CheckURL and
// Sender may be nil in functions that need none of them.
type Service struct {
	Store       Store
	Sealer      *vault.Sealer
	Sender      *Sender
	Idempotency *idempotency.Keys
	Audit       *audit.Log
	CheckURL    func(string) error // The fault egress_denied for what is never sent to.
	IDs         id.Maker
	Random      io.Reader
	Now         func() time.Time
}

// New is what a new endpoint says.
type New struct {
	Key         string // Idempotency-Key; empty for none.
	Fingerprint string // Of the request.
	URL         string
	Description string
	Events      []string
}

// Create makes an endpoint of the caller's tenant and returns its secret. A
// request repeated with its key gets the answer of the first.
func (s *Service) Create(ctx context.Context, caller auth.Caller, n New) (Endpoint, secret.Bytes, error) {
	type made struct {
		Endpoint
		secret secret.Bytes
	}
	request := idempotency.Request{Route: "webhook-endpoint-create", Key: n.Key, Fingerprint: n.Fingerprint, Prefix: id.WebhookEndpoint}
	m, err := idempotency.Do(ctx, s.Idempotency, caller, request,
		func(endpointID string) (made, error) {
			e, plain, err := s.create(ctx, caller, endpointID, n)
			return made{e, plain}, err
		},
		func(endpointID string) (made, error) {
			e, plain, err := s.shownBefore(ctx, caller, endpointID)
			return made{e, plain}, err
		})
	if err != nil {
		return Endpoint{}, secret.Bytes{}, err
	}
	return m.Endpoint, shown(m.secret), nil
}

func (s *Service) create(ctx context.Context, caller auth.Caller, endpointID string, n New) (Endpoint, secret.Bytes, error) {
	var none secret.Bytes
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointCreate, endpointID); err != nil {
		return Endpoint{}, none, err
	}
	if err := s.check(caller, &n.URL, n.Events); err != nil {
		return Endpoint{}, none, err
	}
	all, err := s.Store.List(ctx, caller.Tenant)
	if err != nil {
		return Endpoint{}, none, err
	}
	others := slices.DeleteFunc(all, func(e Endpoint) bool { return e.ID == endpointID })
	if len(others) >= limit {
		return Endpoint{}, none, errLimit
	}
	plain, sealed, err := s.draw(ctx, caller.Tenant, endpointID, 1)
	if err != nil {
		return Endpoint{}, none, err
	}
	now := s.Now().UTC()
	e := Endpoint{
		Tenant: caller.Tenant, ID: endpointID, Revision: 1, URL: n.URL, Description: n.Description, Events: sorted(n.Events), Enabled: true,
		Secrets: []Secret{sealed}, CreatedAt: now, CreatedBy: caller.Actor(), UpdatedAt: now,
	}
	if err := s.Store.Create(ctx, e); err != nil {
		return Endpoint{}, none, errors.Join(err, idempotency.ErrLeft) // It may have been stored.
	}
	return e, plain, nil
}

// shownBefore answers a creating request again: its caller was shown the secret
// already, or never got the answer. One that was replaced, or that somebody else
// was shown, is not shown; every showing is recorded.
func (s *Service) shownBefore(ctx context.Context, caller auth.Caller, endpointID string) (Endpoint, secret.Bytes, error) {
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointCreate, endpointID); err != nil {
		return Endpoint{}, secret.Bytes{}, err
	}
	e, err := s.Store.Get(ctx, caller.Tenant, endpointID)
	if err != nil {
		return Endpoint{}, secret.Bytes{}, err
	}
	if first := e.Secrets[0]; first.Version == 1 && e.CreatedBy == caller.Actor() {
		plain, err := s.Sealer.Open(ctx, place(e.Tenant, e.ID, 1), first.Sealed)
		return e, plain, err
	}
	return Endpoint{}, secret.Bytes{}, errShown
}

// Get returns one endpoint.
func (s *Service) Get(ctx context.Context, caller auth.Caller, endpointID string) (Endpoint, error) {
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointRead, endpointID); err != nil {
		return Endpoint{}, err
	}
	return s.Store.Get(ctx, caller.Tenant, endpointID)
}

// List returns the caller's endpoints, oldest first.
func (s *Service) List(ctx context.Context, caller auth.Caller) ([]Endpoint, error) {
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointRead, ""); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, caller.Tenant)
}

// Test sends webhook.test to the endpoint now, whether it is enabled or not. How
// it goes decides nothing about the endpoint.
func (s *Service) Test(ctx context.Context, caller auth.Caller, endpointID string) (notify.Event, Result, error) {
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointTest, endpointID); err != nil {
		return notify.Event{}, Result{}, err
	}
	e, err := s.Store.Get(ctx, caller.Tenant, endpointID)
	if err != nil {
		return notify.Event{}, Result{}, s.Audit.Refuse(ctx, caller, audit.WebhookEndpointTest, endpointID, err)
	}
	event := notify.Event{ID: s.IDs.New(id.Event), Type: notify.WebhookTest, Tenant: e.Tenant, Resource: e.ID, At: s.Now().UTC()}
	result := s.Sender.Send(ctx, e, event)
	if result.Outcome == Unsigned {
		return notify.Event{}, Result{}, result.Err
	}
	return event, result, nil
}

// check validates what a person says of an endpoint; a nil address stays.
func (s *Service) check(caller auth.Caller, address *string, events []string) error {
	var fields []fault.Field
	for i, kind := range events {
		t, ok := notify.Find(kind)
		if !ok || t.Organization && caller.Tenant != auth.Organization {
			fields = append(fields, fault.Field{Pointer: fmt.Sprintf("/events/%d", i), Detail: "Is no type of event that the tenant gets."})
		}
	}
	if len(fields) > 0 {
		return &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The webhook endpoint is not valid.", Remedy: "fix_input", Fields: fields}
	}
	if address == nil {
		return nil
	}
	return s.CheckURL(*address)
}

func sorted(events []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(events)))
}

// matching is MatchRevision of an endpoint.
func matching(ifMatch string, e *Endpoint) error {
	return connection.MatchRevision(ifMatch, e.Revision)
}
