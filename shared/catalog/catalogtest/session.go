package catalogtest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// plain is an answer that is no JSON, or has header fields of its own.
type plain struct {
	header http.Header
	body   string
}

// logIn is the login call of the entry.
func (p *Provider) logIn(req *http.Request, body string) (int, any) {
	r := p.Scheme.Login.Request
	r.Bare = true
	switch {
	case p.carries(r, req, body, "", p.Fields):
	case p.carries(r, req, body, "", p.Wrong):
		return Refusal(r)
	default:
		p.complain("login: the headers or the body are not those of the entry")
		return Refusal(r)
	}
	status := http.StatusOK
	if len(r.Expect) > 0 {
		status = r.Expect[0]
	}
	return status, p.session()
}

// session issues a token where the entry looks for it, with an end where it says
// one can be found.
func (p *Provider) session() plain {
	spec, access, life := p.Scheme.Login, p.issue("session"), time.Hour
	if spec.ExpiresIn == "" && spec.ExpiresAt == "" {
		life = time.Duration(spec.Seconds) * time.Second
	}
	end := p.Now().Add(life)
	p.access[access] = &token{grant: new(grant), until: end}
	var members any = map[string]any{}
	if spec.ExpiresIn != "" {
		members = place(members, strings.Split(spec.ExpiresIn, "."), int(life.Seconds()))
	}
	if spec.ExpiresAt != "" {
		members = place(members, strings.Split(spec.ExpiresAt, "."), end.Format(time.RFC3339))
	}
	header := http.Header{"Content-Type": {"application/json"}}
	switch {
	case spec.Token != "":
		members = place(members, strings.Split(spec.Token, "."), access)
	case spec.Header != "":
		header.Set(spec.Header, access)
	case spec.Cookie != "":
		header.Add("Set-Cookie", (&http.Cookie{Name: spec.Cookie, Value: access, Path: "/", Secure: true, HttpOnly: true}).String())
	default:
		members = access
	}
	encoded, _ := json.Marshal(members) // Texts and numbers only.
	return plain{header, string(encoded)}
}

// logOut ends the session whose token the request carries.
func (p *Provider) logOut(req *http.Request, body string) (int, any) {
	r := *p.Scheme.Login.Logout
	for access, t := range p.access {
		if p.carries(r, req, body, access, nil) {
			t.dead, p.revoked = true, append(p.revoked, access)
			if len(r.Expect) > 0 {
				return r.Expect[0], map[string]any{}
			}
			return http.StatusOK, map[string]any{}
		}
	}
	p.complain("logout: the request carries no session as the entry says")
	return Refusal(r)
}
