package session

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/secret"
)

// longestName is that of a connection, in characters.
const longestName = 120

// Submit takes the page's form: it goes on to the provider, or verifies the
// credential that was entered. What can be put right is asked for again, and the
// connection that was made for an earlier try is used again.
func (s *Service) Submit(ctx context.Context, visit Visit, form url.Values) (api.Browser, error) {
	v, err := s.find(ctx, visit)
	if err != nil {
		return api.Browser{}, err
	}
	switch given := form.Get("form"); {
	case !matches(visit.Cookie, v.CookieHash):
		return api.Browser{}, errBrowser
	case subtle.ConstantTimeCompare([]byte(given), []byte(formValue(visit.Cookie))) != 1:
		return api.Browser{}, errForm
	}
	seen, err := s.view(ctx, v)
	if err != nil {
		return api.Browser{}, err
	}
	if form.Has(codeField) {
		return s.recheck(ctx, seen, visit.Language, form)
	}
	if err := seen.Session.over(s.Connects.Now()); err != nil {
		return api.Browser{}, err
	}
	caller := v.caller(visit.At)
	if seen.Session.State == AccountRequired {
		return s.choose(ctx, v, visit.Language, caller, seen.Connection, form)
	}
	offers, err := s.offers(ctx, v, caller)
	if err != nil {
		return api.Browser{}, err
	}
	o, ok := chosen(offers, form.Get("template"))
	if !ok {
		return api.Browser{}, wrong("/template", "Is not one that the session offers.")
	}
	e := read(o, form)
	e.language = visit.Language
	page, err := s.attempt(ctx, v, caller, o, e)
	if err == nil || !correctable(err) {
		return page, err
	}
	if err := s.fail(ctx, v, err); err != nil {
		return api.Browser{}, err
	}
	return s.draw(ctx, v, offers, e, err)
}

// attempt connects with what was entered.
func (s *Service) attempt(ctx context.Context, v Session, caller auth.Caller, o offer, e entry) (api.Browser, error) {
	if err := e.check(v, o); err != nil {
		return api.Browser{}, err
	}
	if v.ConnectionID != "" {
		if len(o.scheme.Fields) == 0 {
			return s.depart(ctx, v, caller, o, e)
		}
		c, err := s.Connects.PutCredential(ctx, caller, v.ConnectionID, "*", e.credential)
		if err != nil {
			return api.Browser{}, err
		}
		return s.established(ctx, v, c, e)
	}
	v, c, err := s.make(ctx, v, caller, e)
	if err != nil {
		return api.Browser{}, err
	}
	if c.Credential != nil {
		return s.established(ctx, v, c, e)
	}
	return s.depart(ctx, v, caller, o, e)
}

// make creates the connection of the session, under an identifier that the
// session notes first. One of an earlier try with other values is taken away.
func (s *Service) make(ctx context.Context, v Session, caller auth.Caller, e entry) (Session, connection.Connection, error) {
	fingerprint, before := e.fingerprint(), v.Made
	if before.ConnectionID != "" && before.Fingerprint != fingerprint {
		if err := s.Connects.Withdraw(ctx, caller, before.ConnectionID); err != nil {
			return v, connection.Connection{}, err
		}
	}
	fresh := s.Connects.IDs.New(id.Connection)
	v, err := s.Store.Update(ctx, v.ID, func(v *Session) error {
		switch {
		case v.Made.Fingerprint == fingerprint:
			return nil
		case v.Made != before:
			return errUsed // The form was sent twice at a time, with different values.
		}
		v.Made = Made{ConnectionID: fresh, Fingerprint: fingerprint}
		return nil
	})
	if err != nil {
		return v, connection.Connection{}, err
	}
	c, err := s.Connects.CreateAs(ctx, caller, v.Made.ConnectionID, connect.New{
		TemplateID: e.template, Name: e.name, Environment: v.Environment, Labels: v.Labels, Inputs: e.inputs, Credential: e.credential,
	})
	return v, c, err
}

// depart sends the browser to the provider.
func (s *Service) depart(ctx context.Context, v Session, caller auth.Caller, o offer, e entry) (api.Browser, error) {
	d, err := s.Connects.Depart(ctx, caller, connect.Ask{
		ConnectionID: v.connectionID(), Bound: connect.Bound{Session: v.ID, Deferred: v.Completion == Backend, Until: v.ExpiresAt},
	})
	if err != nil {
		return api.Browser{}, err
	}
	_, err = s.Store.Update(ctx, v.ID, func(v *Session) error {
		if err := v.over(s.Connects.Now()); err != nil {
			return err
		}
		v.State, v.Problem, v.HandoffID = HandedOff, "", d.HandoffID
		return nil
	})
	if err != nil {
		return api.Browser{}, err
	}
	if d.Address.IsZero() {
		return api.Browser{Status: http.StatusOK, HTML: devicePage(v, e, codeOf(o.connector.Name, d.Device), false)}, nil
	}
	return api.Browser{Status: http.StatusSeeOther, Location: d.Address.Reveal(), Cookies: []string{d.Cookie}}, nil
}

// established ends a session whose credential was verified here, unless the end
// user has yet to choose an account.
func (s *Service) established(ctx context.Context, v Session, c connection.Connection, e entry) (api.Browser, error) {
	if c.AccountRequired {
		return several(v, e.language, e.form), nil
	}
	return s.succeed(ctx, v, e.language)
}

// succeed ends a session whose connection was established here.
func (s *Service) succeed(ctx context.Context, v Session, l browser.Language) (api.Browser, error) {
	v, err := s.Store.Update(ctx, v.ID, func(v *Session) error {
		v.State, v.Problem = Completed, ""
		return nil
	})
	if err != nil {
		return api.Browser{}, err
	}
	seen, err := s.view(ctx, v)
	if err != nil {
		return api.Browser{}, err
	}
	return s.end(ctx, seen, l)
}

// fail notes why a try failed. What waits for the backend goes on waiting.
func (s *Service) fail(ctx context.Context, v Session, problem error) error {
	_, err := s.Store.Update(ctx, v.ID, func(v *Session) error {
		if v.State != Completed && v.State != AwaitingCompletion && v.State != Completing && !v.Closed {
			v.State, v.Problem = Failed, fault.From(problem).Code
		}
		return nil
	})
	return err
}

// correctable reports whether the person can do something about it.
func correctable(err error) bool {
	f := fault.From(err)
	switch f.Kind {
	case fault.Invalid, fault.Unprocessable, fault.Conflict, fault.Upstream, fault.UpstreamTimeout, fault.RateLimited:
		return !errors.Is(err, errUsed) && !errors.Is(err, errOver) && !errors.Is(err, errExpired)
	default:
		return false
	}
}

// read takes from a form what the offer asks for, and nothing else.
func read(o offer, form url.Values) entry {
	e := entry{template: o.template.ID, form: form.Get("form"), name: strings.TrimSpace(form.Get("name"))}
	for _, in := range o.inputs {
		if given := strings.TrimSpace(form.Get("input." + in.Name)); given != "" {
			if e.inputs == nil {
				e.inputs = map[string]string{}
			}
			e.inputs[in.Name] = given
		}
	}
	for _, in := range o.scheme.Fields {
		pasted, file := form.Get("credential."+in.Name), ""
		if in.Type == catalog.TypeFile {
			file = form.Get("credential." + in.Name + browser.FileSuffix)
		}
		if pasted != "" && file != "" {
			e.doubled = append(e.doubled, in.Name)
		}
		if given := cmp.Or(file, pasted); given != "" {
			if e.credential == nil {
				e.credential = map[string]secret.Bytes{}
			}
			e.credential[in.Name] = secret.FromString(given)
		}
	}
	return e
}

// check demands what package connect cannot miss: a connection may be made
// without a credential elsewhere, and not here.
func (e entry) check(v Session, o offer) error {
	if name := len([]rune(e.name)); v.ConnectionID == "" && (name == 0 || name > longestName) {
		return wrong("/name", "Must have 1 to 120 characters.")
	}
	if len(e.doubled) > 0 {
		return wrong("/credential/"+e.doubled[0], "Choose a file, or paste a text.")
	}
	for _, in := range o.scheme.Fields {
		if _, given := e.credential[in.Name]; !given && !in.Optional {
			return wrong("/credential/"+in.Name, "Is needed.")
		}
	}
	return nil
}

// fingerprint tells tries with different values apart.
func (e entry) fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", e.template, e.name, e.inputs))
	return hex.EncodeToString(sum[:16])
}
