// Package console owns the sign-ins of people's browsers to the console: who a
// browser that visits a page of ours is. They permit nothing. They only keep a
// person from going on with a link that was made for somebody else. It depends on
// packages api, audit, auth, fault and secret.
package console

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// CookieName is the cookie of a signed-in browser (RFC 6265bis 4.1.3).
const CookieName = "__Host-tenon-session"

// signedIn is how long a browser stays signed in.
const signedIn = 8 * time.Hour

// SignIn is one browser of one person.
type SignIn struct {
	Hash      string // SHA-256 of the cookie's value, in hex.
	Visitor   auth.Visitor
	ExpiresAt time.Time
}

// Store keeps sign-ins. They end by themselves.
type Store interface {
	// Put stores a new sign-in.
	Put(ctx context.Context, s SignIn) error
	// Get returns ErrNotFound for one that there is not; one that is past its end
	// may still be there.
	Get(ctx context.Context, hash string) (SignIn, error)
	// Delete removes a sign-in, if there is one.
	Delete(ctx context.Context, hash string) error
}

// ErrNotFound is that of a Store.
var ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such sign-in.")

// Service signs browsers in and out. Random may be nil.
type Service struct {
	Store  Store
	Audit  *audit.Log
	Random io.Reader
	Now    func() time.Time
}

// Begin signs the caller's browser in. What it was signed in as before, by the
// value of its cookie, ends.
func (s *Service) Begin(ctx context.Context, caller auth.Caller, before string) (api.BrowserSession, error) {
	if err := s.Audit.Check(ctx, caller, audit.BrowserSessionPut, ""); err != nil {
		return api.BrowserSession{}, err
	}
	random := s.Random
	if random == nil {
		random = rand.Reader
	}
	drawn := make([]byte, 32)
	if _, err := io.ReadFull(random, drawn); err != nil {
		return api.BrowserSession{}, fmt.Errorf("read randomness: %w", err)
	}
	value := base64.RawURLEncoding.EncodeToString(drawn)
	end := s.Now().UTC().Add(signedIn)
	in := SignIn{Hash: hashed(value), Visitor: auth.Visitor{Home: caller.Home, Subject: caller.Subject}, ExpiresAt: end}
	if err := s.Store.Put(ctx, in); err != nil {
		return api.BrowserSession{}, err
	}
	if err := s.forget(ctx, before); err != nil {
		return api.BrowserSession{}, err
	}
	return api.BrowserSession{
		SignedIn: true, ExpiresAt: &end, Subject: caller.Subject, Tenant: caller.Home, Scopes: caller.Scopes, Cookie: cookie(value, signedIn),
	}, nil
}

// End signs the browser with this cookie out.
func (s *Service) End(ctx context.Context, caller auth.Caller, value string) (api.BrowserSession, error) {
	if err := s.Audit.Check(ctx, caller, audit.BrowserSessionDelete, ""); err != nil {
		return api.BrowserSession{}, err
	}
	return api.BrowserSession{Cookie: cookie("", 0)}, s.forget(ctx, value)
}

// Visitor returns who the browser with this cookie is signed in as: nobody, when
// it has none, or one that is not or no longer known.
func (s *Service) Visitor(ctx context.Context, value string) (auth.Visitor, error) {
	if value == "" {
		return auth.Visitor{}, nil
	}
	in, err := s.Store.Get(ctx, hashed(value))
	if errors.Is(err, ErrNotFound) || err == nil && !s.Now().Before(in.ExpiresAt) {
		return auth.Visitor{}, nil
	}
	return in.Visitor, err
}

func (s *Service) forget(ctx context.Context, value string) error {
	if value == "" {
		return nil
	}
	return s.Store.Delete(ctx, hashed(value))
}

func hashed(value string) string {
	sum := secret.FromString(value).Hash()
	return hex.EncodeToString(sum[:])
}

func cookie(value string, life time.Duration) string {
	return CookieName + "=" + value + "; Path=/; Max-Age=" + strconv.Itoa(int(life.Seconds())) + "; Secure; HttpOnly; SameSite=Lax"
}
