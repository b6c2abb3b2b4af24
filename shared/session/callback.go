package session

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
)

// sessionURI is what the embedding application gets in place of a code, in the
// namespace of RFC 9126 2.2: it is followed by the session's id, a dot and a proof
// that only the browser which came back has. Whoever began the session knows its
// id, and would else complete what a victim consented to before the victim is
// named.
const sessionURI = "urn:ietf:params:oauth:request_uri:"

// Callback takes the provider's answer, be it to a handoff of a session or to
// another. What fails ends on a fixed page of ours, and the session says why.
func (s *Service) Callback(ctx context.Context, a connect.Answer) (api.Browser, error) {
	done, err := s.Connects.Complete(ctx, a)
	if done.Handoff.Session == "" {
		return connect.EndPage(a.Language, done, err)
	}
	gone := connect.Gone(done.Handoff.ID)
	if done.Held {
		return s.await(ctx, done.Handoff, gone)
	}
	outcome := err
	if done.Denied {
		outcome = fault.New(fault.Invalid, fault.CodeOAuthDenied, "Access was declined.")
	}
	v, noted := s.note(ctx, done.Handoff.Session, done.Handoff.ID, outcome)
	if err := errors.Join(err, noted); err != nil {
		return api.Browser{}, s.again(v, err)
	}
	seen, err := s.view(ctx, v) // Another tab may have begun a walk of its own meanwhile.
	if err != nil {
		return api.Browser{}, err
	}
	return s.end(ctx, seen, a.Language, gone)
}

// again offers another try after an error that is one of the walk, while there is
// time for it.
func (s *Service) again(v Session, err error) error {
	if v.ID == "" || v.over(s.Connects.Now()) != nil {
		return err
	}
	return &browser.Again{Path: path(v.ID), Err: err}
}

// await sends the browser to the embedding application, whose backend has the
// last word. The code stays here.
func (s *Service) await(ctx context.Context, h connect.Handoff, gone string) (api.Browser, error) {
	proof, err := s.random()
	if err != nil {
		return api.Browser{}, err
	}
	hash := proof.Hash()
	v, err := s.Store.Update(ctx, h.Session, func(v *Session) error {
		if v.HandoffID == h.ID && v.over(s.Connects.Now()) == nil {
			v.State, v.ProofHash = AwaitingCompletion, hash[:]
		}
		return nil
	})
	if err != nil {
		return api.Browser{}, err
	}
	if v.HandoffID != h.ID || v.over(s.Connects.Now()) != nil {
		return api.Browser{}, errors.Join(errOver, s.Connects.Destroy(ctx, h.ID))
	}
	allowed, err := s.returns(ctx, v.Tenant, v.ReturnURL)
	if err != nil {
		return api.Browser{}, err
	}
	if !allowed {
		_, noted := s.note(ctx, v.ID, h.ID, errReturn)
		return api.Browser{}, errors.Join(errReturn, noted, s.Connects.Destroy(ctx, h.ID))
	}
	query := url.Values{"session_uri": {sessionURI + v.ID + "." + proof.Reveal()}}
	return api.Browser{Status: http.StatusSeeOther, Location: v.ReturnURL + "?" + query.Encode(), Cookies: []string{gone}}, nil
}

// end returns the browser to the page that asked, or says how it ended. While an
// account has to be chosen it has not.
func (s *Service) end(ctx context.Context, seen View, l browser.Language, cookies ...string) (api.Browser, error) {
	v := seen.Session
	if v.State == AccountRequired {
		return api.Browser{Status: http.StatusSeeOther, Location: s.Connects.PublicURL + path(v.ID), Cookies: cookies}, nil
	}
	outcome := url.Values{"sessionId": {v.ID}, "outcome": {string(v.State)}}
	html := connect.ConnectedPage(l, seen.Connection)
	if v.State == Completed {
		cookies = append(cookies, connect.Gone(v.ID))
	} else {
		outcome.Set("error", string(v.Problem))
		html = notConnected(v, l)
	}
	if v.ReturnURL != "" {
		allowed, err := s.returns(ctx, v.Tenant, v.ReturnURL)
		if err != nil {
			return api.Browser{}, err
		}
		if allowed {
			return api.Browser{Status: http.StatusSeeOther, Location: v.ReturnURL + "?" + outcome.Encode(), Cookies: cookies}, nil
		}
	}
	return api.Browser{Status: http.StatusOK, HTML: html, Cookies: cookies}, nil
}
