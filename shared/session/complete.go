package session

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// Complete is the word of the tenant's backend on which of its users came back:
// the code is redeemed, once, if it is the one the session was made for. For
// another the session is closed and the code destroyed. Of what was completed for
// the same end user the result is returned again. The brought is the session_uri that
// the browser came back with.
func (s *Service) Complete(ctx context.Context, caller auth.Caller, sessionID, endUser, brought string) (View, error) {
	if err := s.Connects.Audit.Check(ctx, caller, audit.ConnectSessionComplete, sessionID); err != nil {
		return View{}, err
	}
	v, err := s.own(ctx, caller, sessionID)
	if err != nil {
		return View{}, s.Connects.Audit.Refuse(ctx, caller, audit.ConnectSessionComplete, sessionID, err)
	}
	if v.Completion != Backend {
		return View{}, errPhase
	}
	if subtle.ConstantTimeCompare([]byte(endUser), []byte(v.EndUser)) != 1 {
		return View{}, s.close(ctx, caller, v)
	}
	seen, err := s.view(ctx, v)
	if err != nil || seen.Session.State == Completed {
		return seen, err
	}
	if v, err = s.confirm(ctx, v, strings.TrimPrefix(brought, sessionURI+v.ID+".")); err != nil {
		return View{}, err
	}
	done, err := s.Connects.Redeem(ctx, v.HandoffID, caller.RequestID, caller.SourceIP)
	if done.Handoff.ID == "" {
		return View{}, err // Nothing was taken out: another run did, or there is nothing yet.
	}
	v, noted := s.note(ctx, v.ID, done.Handoff.ID, err)
	if err := errors.Join(err, noted); err != nil {
		return View{}, err
	}
	return s.view(ctx, v)
}

// confirm notes that the right end user came back. From there on another one
// cannot close the session any more, and the handoff decides who redeems.
func (s *Service) confirm(ctx context.Context, v Session, proof string) (Session, error) {
	var over error
	confirmed, err := s.Store.Update(ctx, v.ID, func(v *Session) error {
		if over = v.over(s.Connects.Now()); over != nil {
			return over
		}
		if v.State != AwaitingCompletion && v.State != Completing {
			return fault.New(fault.Conflict, fault.CodeConflict, "There is nothing to complete yet.")
		}
		if !matches(proof, v.ProofHash) {
			return errProof
		}
		v.State = Completing
		return nil
	})
	if errors.Is(over, errExpired) {
		err = errors.Join(err, s.destroy(ctx, v))
	}
	return confirmed, err
}

// close ends a session that another end user came back in. One that is over, or
// confirmed, stays as it is.
func (s *Service) close(ctx context.Context, caller auth.Caller, v Session) error {
	v, err := s.Store.Update(ctx, v.ID, func(v *Session) error {
		if v.State == Completing || v.over(s.Connects.Now()) != nil {
			return nil
		}
		v.State, v.Problem, v.Closed = Failed, fault.CodeUserMismatch, true
		return nil
	})
	if err == nil && v.Closed {
		err = s.destroy(ctx, v)
	}
	return errors.Join(errUser, err, s.Connects.Audit.Deny(ctx, caller, audit.ConnectSessionComplete, v.ID, string(fault.CodeUserMismatch)))
}

// destroy sees to it that the code of the session's handoff is never redeemed.
func (s *Service) destroy(ctx context.Context, v Session) error {
	if v.HandoffID == "" {
		return nil
	}
	return s.Connects.Destroy(ctx, v.HandoffID)
}

// note records how the try of a handoff ended. A handoff that was superseded says
// nothing of the session.
func (s *Service) note(ctx context.Context, sessionID, handoffID string, outcome error) (Session, error) {
	return s.Store.Update(ctx, sessionID, func(v *Session) error {
		if v.HandoffID != handoffID || v.State == Completed || v.Closed {
			return nil
		}
		v.State, v.Problem = Completed, ""
		if outcome != nil {
			v.State, v.Problem = Failed, fault.From(outcome).Code
		}
		return nil
	})
}
