package issuer

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// grant is what a person let the console have. It ends when one of its codes
// or refresh tokens is used twice (RFC 6749, section 4.1.2; RFC 9700, section
// 4.14.2), and with the session of the browser.
type grant struct {
	request request
	session *session
	scopes  []string // Of the API.
	ended   bool
}

// ticket is a code or a refresh token: good for its grant, once.
type ticket struct {
	grant *grant
	spent bool
}

// use spends a ticket, whatever comes of it, and returns its grant.
func (i *Issuer) use(tickets *held[*ticket], value string) (*grant, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	t, ok := tickets.get(value, i.now())
	if !ok {
		return nil, false
	}
	if t.spent {
		t.grant.ended = true
	}
	t.spent = true
	return t.grant, !t.grant.ended && !t.grant.session.ended
}

// proves reports whether the verifier is the one of the challenge (RFC 7636,
// section 4.6).
func (r request) proves(verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	computed := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(computed), []byte(r.challenge)) == 1
}
