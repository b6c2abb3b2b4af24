package issuer

import (
	"net/http"
	"net/url"
)

const maxForm = 16 << 10

// authorize answers GET /authorize (RFC 6749, section 4.1.1; OpenID Connect
// Core 1.0, section 3.1.2): with the page of the people, or, where the client
// wants none, for the person this browser chose before. A request of a foreign
// client or for a foreign redirect URI gets a page and is never redirected.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		i.notice(w, http.StatusBadRequest, "The request cannot be read.")
		return
	}
	if wrong := i.trusted(query); wrong != "" {
		i.notice(w, http.StatusBadRequest, wrong)
		return
	}
	asked, refused := parseRequest(query)
	if refused != nil {
		i.redirect(w, r, query.Get("redirect_uri"), query.Get("state"), refused.values())
		return
	}
	if !asked.silent {
		i.mu.Lock()
		id := i.requests.put(asked, i.now())
		i.mu.Unlock()
		i.page(w, http.StatusOK, "choose.html", map[string]any{"Action": i.path + "/authorize", "Request": id, "People": people()})
		return
	}
	s, ok := i.sessionOf(r)
	if !ok {
		i.redirect(w, r, asked.redirectURI, asked.state, oauthError{"login_required", "Nobody was chosen in this browser."}.values())
		return
	}
	i.sendCode(w, r, asked, s)
}

// choose answers POST /authorize, the choice of a person. It names the held
// request, which only the page of that request knows, so that no other page can
// make a browser choose.
func (i *Issuer) choose(w http.ResponseWriter, r *http.Request) {
	if !i.chosen(w, r) {
		return
	}
	i.mu.Lock()
	asked, ok := i.requests.get(r.PostForm.Get("request"), i.now())
	i.mu.Unlock()
	if !ok {
		i.notice(w, http.StatusBadRequest, "This sign-in is over. Go back to the console and sign in again.")
		return
	}
	if r.PostForm.Has("cancel") {
		i.redirect(w, r, asked.redirectURI, asked.state, oauthError{"access_denied", "The person went away without choosing."}.values())
		return
	}
	p, ok := personOf(r.PostForm.Get("person"))
	if !ok {
		i.notice(w, http.StatusBadRequest, "There is no such person.")
		return
	}
	i.sendCode(w, r, asked, i.begin(w, p))
}

// chosen reads the form in which a person chose, which only a page of ours may send,
// and reports whether there is one.
func (i *Issuer) chosen(w http.ResponseWriter, r *http.Request) bool {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		i.notice(w, http.StatusForbidden, "A page of another origin may not choose who signs in.")
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		i.notice(w, http.StatusBadRequest, "The form cannot be read.")
		return false
	}
	return true
}

// sendCode redirects to the client with a code for the session's person.
func (i *Issuer) sendCode(w http.ResponseWriter, r *http.Request, asked request, s *session) {
	i.mu.Lock()
	code := i.codes.put(&ticket{grant: &grant{request: asked, session: s, scopes: asked.granted(s.person)}}, i.now())
	i.mu.Unlock()
	i.redirect(w, r, asked.redirectURI, asked.state, url.Values{"code": {code}})
}

// redirect answers the client by way of the browser. The issuer names itself
// (RFC 9207).
func (i *Issuer) redirect(w http.ResponseWriter, r *http.Request, uri, state string, answer url.Values) {
	answer.Set("iss", i.baseURL)
	if state != "" {
		answer.Set("state", state)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, uri+"?"+answer.Encode(), http.StatusSeeOther) // No redirect URI has a query.
}
