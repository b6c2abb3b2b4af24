package issuer

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// sessionLife is how long a browser is remembered, and how long its refresh
// tokens work.
const sessionLife = 12 * time.Hour

// session is a browser that chose a person.
type session struct {
	person person
	at     time.Time
	ended  bool
}

// begin remembers in the browser who was chosen.
func (i *Issuer) begin(w http.ResponseWriter, p person) *session {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := &session{person: p, at: i.now()}
	http.SetCookie(w, i.cookie(i.sessions.put(s, i.now()), int(sessionLife/time.Second)))
	return s
}

// sessionOf returns the session of the browser, unless it has ended.
func (i *Issuer) sessionOf(r *http.Request) (*session, bool) {
	c, err := r.Cookie(i.cookieName)
	if err != nil {
		return nil, false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	s, ok := i.sessions.get(c.Value, i.now())
	return s, ok && !s.ended
}

// endSession answers GET /end-session (OpenID Connect RP-Initiated Logout 1.0):
// the browser is forgotten and its refresh tokens end. It goes back to a page
// of the console, or nowhere.
func (i *Issuer) endSession(w http.ResponseWriter, r *http.Request) {
	if s, ok := i.sessionOf(r); ok {
		i.mu.Lock()
		s.ended = true
		i.mu.Unlock()
	}
	http.SetCookie(w, i.cookie("", -1))
	query := r.URL.Query()
	uri := query.Get("post_logout_redirect_uri")
	switch {
	case uri == "":
		i.notice(w, http.StatusOK, "You are signed out.")
	case len(query["post_logout_redirect_uri"]) > 1 || !i.ofConsole(uri):
		i.notice(w, http.StatusBadRequest, "You are signed out. The post_logout_redirect_uri is not a page of the console.")
	default:
		if state := query.Get("state"); state != "" {
			uri += "?" + url.Values{"state": {state}}.Encode()
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, uri, http.StatusSeeOther)
	}
}

// ofConsole reports whether uri is a page of the console at one of our origins,
// in the one spelling that every browser reads alike.
func (i *Issuer) ofConsole(uri string) bool {
	for _, origin := range i.origins {
		rest, ok := strings.CutPrefix(uri, origin)
		if ok && (rest == "/console" || strings.HasPrefix(rest, "/console/")) && !strings.ContainsAny(rest, `\%?#`) {
			return path.Clean(rest) == strings.TrimSuffix(rest, "/")
		}
	}
	return false
}

// cookie lets the browser be known by a value. Its name has the port, because
// cookies of one host are shared by all its ports.
func (i *Issuer) cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: i.cookieName, Value: value, Path: i.path + "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// origins are those of this machine that the console is served at: the given
// one and its other name.
func origins(base *url.URL) []string {
	all := []string{base.Scheme + "://" + base.Host}
	names := []string{"127.0.0.1", "localhost"}
	if slices.Contains(names, base.Hostname()) {
		for _, name := range names {
			if name != base.Hostname() {
				all = append(all, base.Scheme+"://"+strings.Replace(base.Host, base.Hostname(), name, 1))
			}
		}
	}
	return all
}
