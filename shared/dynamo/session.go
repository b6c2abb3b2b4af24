package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

// Sessions is the session.Store.
type Sessions struct{ Table }

// sessionRest is how long a session is kept that is over, to be polled.
const sessionRest = 24 * time.Hour

func sessionKey(id string) key { return key{PK: "session#" + id, SK: "session"} }

// sessionItem is a connect session as it is stored.
type sessionItem struct {
	key
	Version      int64              `dynamodbav:"v"`
	TTL          int64              `dynamodbav:"ttl"`
	ID           string             `dynamodbav:"id"`
	Tenant       string             `dynamodbav:"tenant,omitempty"`
	Home         string             `dynamodbav:"home,omitempty"`
	Subject      string             `dynamodbav:"subject,omitempty"`
	EndUser      string             `dynamodbav:"endUser,omitempty"`
	Templates    []string           `dynamodbav:"templates,omitempty"`
	Connectors   []string           `dynamodbav:"connectors,omitempty"`
	ConnectionID string             `dynamodbav:"connectionId,omitempty"`
	Environment  string             `dynamodbav:"environment,omitempty"`
	Labels       map[string]string  `dynamodbav:"labels,omitempty"`
	ReturnURL    string             `dynamodbav:"returnUrl,omitempty"`
	Completion   session.Completion `dynamodbav:"completion,omitempty"`
	State        session.State      `dynamodbav:"state,omitempty"`
	Problem      fault.Code         `dynamodbav:"problem,omitempty"`
	Closed       bool               `dynamodbav:"closed,omitempty"`
	TicketHash   []byte             `dynamodbav:"ticketHash,omitempty"`
	CookieHash   []byte             `dynamodbav:"cookieHash,omitempty"`
	Made         string             `dynamodbav:"made,omitempty"`
	Fingerprint  string             `dynamodbav:"fingerprint,omitempty"`
	HandoffID    string             `dynamodbav:"handoffId,omitempty"`
	ProofHash    []byte             `dynamodbav:"proofHash,omitempty"`
	CreatedAt    time.Time          `dynamodbav:"createdAt,omitempty"`
	ExpiresAt    time.Time          `dynamodbav:"expiresAt,omitempty"`
}

// Create implements session.Store.
func (s Sessions) Create(ctx context.Context, v session.Session) error {
	v.Version = 1
	_, err := s.put(ctx, newSessionItem(v), absent())
	if errors.Is(err, errRefused) {
		return fault.New(fault.Conflict, fault.CodeConflict, "The connect session exists already.")
	}
	return err
}

// Get implements session.Store.
func (s Sessions) Get(ctx context.Context, id string) (session.Session, error) {
	var item sessionItem
	found, err := s.get(ctx, sessionKey(id), &item)
	if err != nil {
		return session.Session{}, err
	}
	if !found {
		return session.Session{}, session.ErrNotFound
	}
	return item.record(), nil
}

// Update implements session.Store.
func (s Sessions) Update(ctx context.Context, id string, change func(*session.Session) error) (session.Session, error) {
	var v session.Session
	err := again(ctx, func() (err error) {
		if v, err = s.Get(ctx, id); err != nil {
			return err
		}
		seen := v.Version
		if err := change(&v); err != nil {
			return err
		}
		v.ID, v.Version = id, seen+1
		_, err = s.put(ctx, newSessionItem(v), unchanged(seen))
		return err
	})
	if err != nil {
		return session.Session{}, err
	}
	return v, nil
}

func newSessionItem(v session.Session) sessionItem {
	return sessionItem{
		key: sessionKey(v.ID), Version: v.Version, TTL: v.ExpiresAt.Add(sessionRest).Unix(), ID: v.ID, Tenant: v.Tenant, Home: v.Home,
		Subject: v.Subject, EndUser: v.EndUser, Templates: v.Templates, Connectors: v.Connectors, ConnectionID: v.ConnectionID,
		Environment: v.Environment, Labels: v.Labels, ReturnURL: v.ReturnURL, Completion: v.Completion, State: v.State, Problem: v.Problem,
		Closed: v.Closed, TicketHash: v.TicketHash, CookieHash: v.CookieHash, Made: v.Made.ConnectionID, Fingerprint: v.Made.Fingerprint,
		HandoffID: v.HandoffID, ProofHash: v.ProofHash, CreatedAt: v.CreatedAt, ExpiresAt: v.ExpiresAt,
	}
}

func (item sessionItem) record() session.Session {
	return session.Session{
		ID: item.ID, Version: item.Version, Tenant: item.Tenant, Home: item.Home, Subject: item.Subject, EndUser: item.EndUser,
		Templates: item.Templates, Connectors: item.Connectors, ConnectionID: item.ConnectionID, Environment: item.Environment,
		Labels: item.Labels, ReturnURL: item.ReturnURL, Completion: item.Completion, State: item.State, Problem: item.Problem,
		Closed: item.Closed, TicketHash: item.TicketHash, CookieHash: item.CookieHash,
		Made: session.Made{ConnectionID: item.Made, Fingerprint: item.Fingerprint}, HandoffID: item.HandoffID, ProofHash: item.ProofHash,
		CreatedAt: item.CreatedAt, ExpiresAt: item.ExpiresAt,
	}
}
