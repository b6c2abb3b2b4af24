package session

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strconv"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/secret"
)

// Visit is a browser at the session's page.
type Visit struct {
	SessionID string
	Ticket    string           // Of the link; of a reload it is not looked at.
	Template  string           // What was chosen; empty for nothing yet.
	Cookie    string           // That binds a session to a browser.
	Visitor   auth.Visitor     // Who the browser is signed in to the console as.
	At        auth.Caller      // Request id and address.
	Language  browser.Language // That the page is in.
	Over      bool             // Whoever waits wants to start over.
}

// Page shows who asks for access to what. The one-time ticket binds the session
// to the browser, which from then on needs none; every other browser is refused.
func (s *Service) Page(ctx context.Context, visit Visit) (api.Browser, error) {
	v, err := s.find(ctx, visit)
	if err != nil {
		return api.Browser{}, err
	}
	value := visit.Cookie
	var cookies []string
	if !matches(visit.Cookie, v.CookieHash) {
		if v, value, err = s.bind(ctx, v, visit); err != nil {
			return api.Browser{}, err
		}
		cookies = []string{s.cookie(v, value)}
	}
	seen, err := s.view(ctx, v)
	if err != nil {
		return api.Browser{}, err
	}
	if seen.Session.State == Completed {
		return s.end(ctx, seen, visit.Language)
	}
	if err := seen.Session.over(s.Connects.Now()); err != nil {
		return api.Browser{}, err
	}
	if seen.Session.State == AccountRequired {
		page := several(v, visit.Language, formValue(value))
		page.Cookies = cookies
		return page, nil
	}
	if seen.Session.waits() && visit.Template == "" && !visit.Over {
		return s.waiting(ctx, v, visit.Language)
	}
	offers, err := s.offers(ctx, v, v.caller(visit.At))
	if err != nil {
		return api.Browser{}, err
	}
	page, err := s.draw(ctx, v, offers, entry{language: visit.Language, template: visit.Template, form: formValue(value)}, nil)
	page.Cookies = cookies
	return page, err
}

// find returns the session of a visit, unless the browser is signed in to the
// console of another organisation, or the tenant is suspended or removed.
func (s *Service) find(ctx context.Context, visit Visit) (Session, error) {
	v, err := s.Store.Get(ctx, visit.SessionID)
	if errors.Is(err, ErrNotFound) {
		return v, errInvalid
	}
	if err != nil {
		return v, err
	}
	if !matches(visit.Cookie, v.CookieHash) && !matches(visit.Ticket, v.TicketHash) {
		if visit.Ticket == "" && len(v.CookieHash) > 0 {
			return v, errBrowser
		}
		return v, errInvalid
	}
	if home := visit.Visitor.Home; !visit.Visitor.IsZero() && home != v.Home && home != v.Tenant {
		return v, s.Connects.Turned(ctx, visit.Visitor, v.caller(visit.At), v.ID)
	}
	return v, s.Connects.Stand(ctx, v.caller(visit.At))
}

// bind takes the ticket and makes the session that of this browser.
func (s *Service) bind(ctx context.Context, v Session, visit Visit) (bound Session, cookie string, err error) {
	if len(v.CookieHash) > 0 {
		return v, "", errUsed
	}
	if err := s.Connects.Audit.Check(ctx, v.caller(visit.At), audit.ConnectSessionOpen, v.ID); err != nil {
		return v, "", err
	}
	value, err := s.random()
	if err != nil {
		return v, "", err
	}
	hash := value.Hash()
	bound, err = s.Store.Update(ctx, v.ID, func(v *Session) error {
		switch {
		case len(v.CookieHash) > 0:
			return errUsed
		case !matches(visit.Ticket, v.TicketHash):
			return errInvalid
		}
		if err := v.over(s.Connects.Now()); err != nil {
			return err
		}
		v.State, v.CookieHash = Opened, hash[:]
		return nil
	})
	return bound, value.Reveal(), err
}

// cookie is that of the browser a session is bound to; it ends with the session.
func (s *Service) cookie(v Session, value string) string {
	left := int(v.ExpiresAt.Sub(s.Connects.Now()).Seconds())
	return connect.CookieName(v.ID) + "=" + value + "; Path=/; Max-Age=" + strconv.Itoa(max(left, 0)) + "; Secure; HttpOnly; SameSite=Lax"
}

// formValue is the anti-forgery value of the page's forms. It follows from the
// cookie, which no other page can read, so that a reload changes nothing.
func formValue(cookie string) string {
	sum := sha256.Sum256([]byte("form of a connect session\x00" + cookie))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// matches compares a presented value with a stored hash, in constant time. A
// hash that was never set matches nothing.
func matches(presented string, hash []byte) bool {
	sum := secret.FromString(presented).Hash()
	return len(hash) > 0 && subtle.ConstantTimeCompare(sum[:], hash) == 1
}
