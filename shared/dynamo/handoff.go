package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
)

// Handoffs is the connect.Store.
type Handoffs struct{ Table }

// handoffRest is how long an expired handoff is kept, to say that it expired.
const handoffRest = 24 * time.Hour

func handoffKey(id string) key { return key{PK: "handoff#" + id, SK: "handoff"} }

// handoffItem is a handoff as it is stored.
type handoffItem struct {
	key
	Version            int64        `dynamodbav:"v"`
	TTL                int64        `dynamodbav:"ttl"`
	ID                 string       `dynamodbav:"id"`
	Tenant             string       `dynamodbav:"tenant,omitempty"`
	ConnectionID       string       `dynamodbav:"connectionId,omitempty"`
	ContextID          string       `dynamodbav:"contextId,omitempty"`
	Subject            string       `dynamodbav:"subject,omitempty"`
	Home               string       `dynamodbav:"home,omitempty"`
	ReturnURL          string       `dynamodbav:"returnUrl,omitempty"`
	Scopes             []string     `dynamodbav:"scopes,omitempty"`
	Exact              bool         `dynamodbav:"exact,omitempty"`
	Requested          []string     `dynamodbav:"requested,omitempty"`
	AllowAccountChange bool         `dynamodbav:"allowAccountChange,omitempty"`
	Account            string       `dynamodbav:"account,omitempty"`
	Session            string       `dynamodbav:"session,omitempty"`
	Deferred           bool         `dynamodbav:"deferred,omitempty"`
	Held               []byte       `dynamodbav:"held,omitempty"`
	Step               connect.Step `dynamodbav:"step,omitempty"`
	TicketHash         []byte       `dynamodbav:"ticketHash,omitempty"`
	CookieHash         []byte       `dynamodbav:"cookieHash,omitempty"`
	FormHash           []byte       `dynamodbav:"formHash,omitempty"`
	StateHash          []byte       `dynamodbav:"stateHash,omitempty"`
	Verifier           []byte       `dynamodbav:"verifier,omitempty"`
	ExpiresAt          time.Time    `dynamodbav:"expiresAt,omitempty"`
	Interval           int64        `dynamodbav:"interval,omitempty"` // Nanoseconds.
	PollAt             time.Time    `dynamodbav:"pollAt,omitempty"`
	Claim              int          `dynamodbav:"claim,omitempty"`
	Until              time.Time    `dynamodbav:"until,omitempty"`
	Answer             []byte       `dynamodbav:"answer,omitempty"`
}

// Create implements connect.Store.
func (s Handoffs) Create(ctx context.Context, h connect.Handoff) error {
	h.Version = 1
	_, err := s.put(ctx, newHandoffItem(h), absent())
	if errors.Is(err, errRefused) {
		return fault.New(fault.Conflict, fault.CodeConflict, "The handoff exists already.")
	}
	return err
}

// Get implements connect.Store.
func (s Handoffs) Get(ctx context.Context, id string) (connect.Handoff, error) {
	var item handoffItem
	found, err := s.get(ctx, handoffKey(id), &item)
	if err != nil {
		return connect.Handoff{}, err
	}
	if !found {
		return connect.Handoff{}, connect.ErrNotFound
	}
	return item.record(), nil
}

// Update implements connect.Store.
func (s Handoffs) Update(ctx context.Context, id string, change func(*connect.Handoff) error) (connect.Handoff, error) {
	var h connect.Handoff
	err := again(ctx, func() (err error) {
		if h, err = s.Get(ctx, id); err != nil {
			return err
		}
		seen := h.Version
		if err := change(&h); err != nil {
			return err
		}
		h.ID, h.Version = id, seen+1
		_, err = s.put(ctx, newHandoffItem(h), unchanged(seen))
		return err
	})
	if err != nil {
		return connect.Handoff{}, err
	}
	return h, nil
}

func newHandoffItem(h connect.Handoff) handoffItem {
	rest := handoffRest
	if len(h.Held) > 0 {
		rest = 0 // What holds a code goes with its time.
	}
	return handoffItem{
		key: handoffKey(h.ID), Version: h.Version, TTL: h.ExpiresAt.Add(rest).Unix(), Session: h.Session, Deferred: h.Deferred, Held: h.Held, ID: h.ID, Tenant: h.Tenant,
		ConnectionID: h.ConnectionID, ContextID: h.ContextID, Subject: h.Subject, Home: h.Home, ReturnURL: h.ReturnURL, Scopes: h.Scopes,
		Exact: h.Exact, Requested: h.Requested, AllowAccountChange: h.AllowAccountChange, Account: h.Account, Step: h.Step, TicketHash: h.TicketHash, CookieHash: h.CookieHash, FormHash: h.FormHash,
		StateHash: h.StateHash, Verifier: h.Verifier, ExpiresAt: h.ExpiresAt,
		Interval: int64(h.Poll.Interval), PollAt: h.Poll.NextAt, Claim: h.Poll.Claim, Until: h.Poll.Until, Answer: h.Poll.Answer,
	}
}

func (item handoffItem) record() connect.Handoff {
	return connect.Handoff{
		ID: item.ID, Version: item.Version, Tenant: item.Tenant, ConnectionID: item.ConnectionID, ContextID: item.ContextID,
		Subject: item.Subject, Home: item.Home, ReturnURL: item.ReturnURL, Scopes: item.Scopes, Exact: item.Exact, Requested: item.Requested, AllowAccountChange: item.AllowAccountChange, Account: item.Account,
		Step: item.Step, TicketHash: item.TicketHash, CookieHash: item.CookieHash, FormHash: item.FormHash, StateHash: item.StateHash,
		Verifier: item.Verifier, ExpiresAt: item.ExpiresAt, Session: item.Session, Deferred: item.Deferred, Held: item.Held,
		Poll: connect.Poll{Interval: time.Duration(item.Interval), NextAt: item.PollAt, Claim: item.Claim, Until: item.Until, Answer: item.Answer},
	}
}
