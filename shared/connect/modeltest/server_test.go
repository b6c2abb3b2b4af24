package modeltest_test

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// serve carries a request out.
func (l line) serve(endpoint string, r *http.Request, form url.Values) (int, map[string]any) {
	switch endpoint {
	case "token":
		return l.token(form)
	case "revoke":
		for _, tokens := range []map[string]*token{l.refresh, l.access} {
			if t := tokens[form.Get("token")]; t != nil && t.by == nil { // One that was rotated means nothing any more.
				t.of.revoked, t.of.dead = true, true
			}
		}
		return http.StatusOK, map[string]any{}
	case "userinfo":
		value, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if l.accepts(value) {
			return http.StatusOK, map[string]any{"sub": "bob"}
		}
	case "me":
		if l.keys[r.Header.Get("X-Api-Key")] {
			return http.StatusOK, map[string]any{"sub": "bob"}
		}
	}
	return http.StatusUnauthorized, map[string]any{"error": "invalid_token"}
}

// accepts reports whether an access token is good now.
func (p *provider) accepts(access string) bool {
	t := p.access[access]
	return t != nil && !t.of.dead && p.s.now.Before(t.expires)
}

func (l line) token(form url.Values) (int, map[string]any) {
	l.p.sent = nil
	switch form.Get("grant_type") {
	case "client_credentials":
		return l.issue(&grant{}, false)
	case "authorization_code":
		g := l.codes[form.Get("code")]
		if g.redeemed {
			l.s.rt.Fatal("I5: a code was redeemed twice")
		}
		g.redeemed = true
		return l.issue(g, true)
	}
	t := l.refresh[form.Get("refresh_token")]
	if t == nil {
		l.s.rt.Fatalf("the refresh token %q is none of ours", form.Get("refresh_token"))
	}
	return l.renew(t)
}

// renew answers a refresh. A token whose successor is safe with us must never
// come again.
func (l line) renew(t *token) (int, map[string]any) {
	g := t.of
	if t.by != nil && t.by.lost() {
		g.lost = true
	}
	if t.by != nil && !t.by.lost() {
		l.s.rt.Fatalf("I2: the spent refresh token %s of %s was sent again", t.value, g.connection)
	}
	late := t.by != nil && l.s.now.Sub(t.spent) > graceTime
	if t.by != nil && l.reuse == strict {
		g.dead = true
	}
	if g.dead || late {
		g.refused = true
		return http.StatusBadRequest, map[string]any{"error": "invalid_grant"}
	}
	l.p.sent = new(exchange)
	if l.reuse == fixed {
		return l.issue(g, false)
	}
	if t.by == nil {
		t.spent = l.s.now
	}
	t.by = l.p.sent
	return l.issue(g, true)
}

func (l line) issue(g *grant, refresh bool) (int, map[string]any) {
	g.holders = append(g.holders, l.p)
	t := &token{value: l.next("access"), of: g, expires: l.s.now.Add(accessTime)}
	l.access[t.value] = t
	members := map[string]any{"access_token": t.value, "token_type": "bearer", "expires_in": int(accessTime / time.Second)}
	if refresh {
		g.newest = &token{value: l.next("refresh"), of: g}
		l.refresh[g.newest.value] = g.newest
		members["refresh_token"] = g.newest.value
	}
	return http.StatusOK, members
}
