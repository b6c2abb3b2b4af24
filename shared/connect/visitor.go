package connect

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// Admit refuses a start link in a browser that is signed in to the console as
// somebody else than who asked for the handoff, before anything of the link is
// used up. A browser that is not signed in is admitted: the one-time ticket
// decides. The refusal stands in the audit of both tenants, and neither learns
// of the other.
func (s *Service) Admit(ctx context.Context, handoffID, ticket string, v auth.Visitor, at auth.Caller) error {
	if v.IsZero() {
		return nil
	}
	h, err := s.Handoffs.Get(ctx, handoffID)
	if errors.Is(err, ErrNotFound) || err == nil && !matches(ticket, h.TicketHash) {
		return nil // Open says what is wrong with it.
	}
	if err != nil {
		return err
	}
	if v == (auth.Visitor{Home: h.Home, Subject: h.Subject}) {
		return nil
	}
	return s.Turned(ctx, v, h.caller(at.RequestID, at.SourceIP), h.ConnectionID)
}

// Turned is the refusal of a browser that is signed in as v, for something that
// belongs to owner. It is recorded in the audit of the owner's tenant and, where
// that is another, in that of the visitor's.
func (s *Service) Turned(ctx context.Context, v auth.Visitor, owner auth.Caller, resource string) error {
	refusal := errPerson
	var also error
	if v.Home != owner.Home && v.Home != owner.Tenant {
		refusal = errOther
		visitor := auth.Caller{Tenant: v.Home, Home: v.Home, Subject: v.Subject, RequestID: owner.RequestID, SourceIP: owner.SourceIP}
		also = s.Audit.Deny(ctx, visitor, audit.ConnectionConnect, "", string(fault.CodeSessionMismatch))
	}
	return errors.Join(refusal, s.Audit.Deny(ctx, owner, audit.ConnectionConnect, resource, string(fault.CodeSessionMismatch)), also)
}
