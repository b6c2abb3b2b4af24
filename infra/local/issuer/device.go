package issuer

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// deviceGrant is the grant type of RFC 8628, section 3.4.
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// How long a device waits for its person, and between two questions at least.
const (
	deviceLife     = 10 * time.Minute
	deviceInterval = time.Second
)

// userCodeLetters are easy to tell apart and make no words (RFC 8628, section 6.1).
const userCodeLetters = "BCDFGHJKLMNPQRSTVWXZ"

// device is a program without a browser of its own, which waits until a person
// has confirmed its code elsewhere.
type device struct {
	request  request
	userCode string
	asked    time.Time // When it asked last.
	session  *session  // Of who confirmed it; nil while nobody has.
	denied   bool
}

// deviceAnswer is that of the device authorization endpoint (RFC 8628, section 3.2).
type deviceAnswer struct {
	DeviceCode              string `json:"device_code"`
	UserCode                string `json:"user_code"`
	VerificationURI         string `json:"verification_uri"`
	VerificationURIComplete string `json:"verification_uri_complete"`
	ExpiresIn               int    `json:"expires_in"`
	Interval                int    `json:"interval"`
}

// authorizeDevice answers POST /device_authorization.
func (i *Issuer) authorizeDevice(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		refuseToken(w, r, oauthError{"invalid_request", "The form cannot be read."})
		return
	}
	if refused := checkClient(r); refused != nil {
		refuseToken(w, r, *refused)
		return
	}
	d := &device{request: request{scopes: strings.Fields(r.PostForm.Get("scope"))}, userCode: newUserCode()}
	i.mu.Lock()
	code := i.devices.put(d, i.now())
	i.mu.Unlock()
	page := i.baseURL + "/device"
	writeJSON(w, "application/json", http.StatusOK, deviceAnswer{
		DeviceCode: code, UserCode: d.userCode, VerificationURI: page, VerificationURIComplete: page + "?" + url.Values{"user_code": {d.userCode}}.Encode(),
		ExpiresIn: int(deviceLife / time.Second), Interval: int(deviceInterval / time.Second),
	})
}

// newUserCode returns eight letters in two groups.
func newUserCode() string {
	var code []byte
	for len(code) < 8 {
		var drawn [1]byte
		_, _ = rand.Read(drawn[:]) // It never fails.
		if fair := 256 - 256%len(userCodeLetters); int(drawn[0]) < fair {
			code = append(code, userCodeLetters[int(drawn[0])%len(userCodeLetters)])
		}
	}
	return string(code[:4]) + "-" + string(code[4:])
}

// deviceOf returns the device that waits with a code, as people enter it. It is
// called with the mutex held.
func (i *Issuer) deviceOf(userCode string) (*device, bool) {
	entered := letters(userCode)
	for key, e := range i.devices.entries {
		d, ok := i.devices.get(key, i.now())
		if ok && entered == letters(e.value.userCode) && d.session == nil && !d.denied {
			return d, true
		}
	}
	return nil, false
}

// letters are those of a code, without the dash, and in capitals.
func letters(userCode string) string {
	return strings.Map(func(r rune) rune {
		if r < 'A' || r > 'Z' {
			return -1
		}
		return r
	}, strings.ToUpper(userCode))
}

// enter answers GET /device: it asks for the code, or, where the link has it, shows
// it and who can confirm it (RFC 8628, section 3.3).
func (i *Issuer) enter(w http.ResponseWriter, r *http.Request) {
	data := map[string]any{"Action": i.path + "/device"}
	if entered := r.URL.Query().Get("user_code"); entered != "" {
		i.mu.Lock()
		d, ok := i.deviceOf(entered)
		i.mu.Unlock()
		data["Unknown"] = !ok
		if ok {
			data["Code"], data["People"] = d.userCode, people()
		}
	}
	i.page(w, http.StatusOK, "device.html", data)
}

// confirm answers POST /device, the choice of a person for the device.
func (i *Issuer) confirm(w http.ResponseWriter, r *http.Request) {
	if !i.chosen(w, r) {
		return
	}
	p, ok := personOf(r.PostForm.Get("person"))
	cancel := r.PostForm.Has("cancel")
	if !ok && !cancel {
		i.notice(w, http.StatusBadRequest, "There is no such person.")
		return
	}
	i.mu.Lock()
	d, waits := i.deviceOf(r.PostForm.Get("user_code"))
	if waits {
		d.denied = cancel
		if !cancel {
			d.session = &session{person: p, at: i.now()}
		}
	}
	i.mu.Unlock()
	if !waits {
		i.notice(w, http.StatusBadRequest, "No program waits with this code. Begin again in the terminal.")
		return
	}
	i.page(w, http.StatusOK, "device.html", map[string]any{"Done": true, "Denied": cancel, "Person": p.Name})
}

// redeemDevice answers a device that asks whether it was confirmed (RFC 8628,
// section 3.5).
func (i *Issuer) redeemDevice(form url.Values) (tokens, *oauthError) {
	code := form.Get("device_code")
	if code == "" {
		return tokens{}, &oauthError{"invalid_request", "device_code is missing."}
	}
	g, refused := i.confirmed(code)
	if refused != nil {
		return tokens{}, refused
	}
	return i.issue(g, "", g.scopes)
}

// confirmed returns what a person let the device have, once.
func (i *Issuer) confirmed(code string) (*grant, *oauthError) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.now()
	d, ok := i.devices.get(code, now)
	switch {
	case !ok:
		return nil, &oauthError{"expired_token", "The device_code is unknown, used or over."}
	case d.denied:
		delete(i.devices.entries, code)
		return nil, &oauthError{"access_denied", "The person declined."}
	case d.session == nil && now.Sub(d.asked) < deviceInterval:
		d.asked = now
		return nil, &oauthError{"slow_down", "Ask once a second."}
	case d.session == nil:
		d.asked = now
		return nil, &oauthError{"authorization_pending", "The person has not confirmed it yet."}
	}
	delete(i.devices.entries, code)
	return &grant{request: d.request, session: d.session, scopes: d.request.granted(d.session.person)}, nil
}
