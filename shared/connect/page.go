package connect

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// cookieTime is how long the browser keeps the handoff's cookie.
const cookieTime = 10 * time.Minute

// CookieName is the cookie that binds a handoff to a browser. The __Host-
// prefix ties it to this origin and to secure connections (RFC 6265bis 4.1.3).
func CookieName(handoffID string) string { return "__Host-tenon-" + handoffID }

func cookie(handoffID, value string, life time.Duration) string {
	return CookieName(handoffID) + "=" + value + "; Path=/; Max-Age=" + strconv.Itoa(int(life.Seconds())) + "; Secure; HttpOnly; SameSite=Lax"
}

// Gone is the Set-Cookie value that takes the cookie of a handoff, or of a connect
// session, away.
func Gone(handoffID string) string { return cookie(handoffID, "", 0) }

// StartPage says who asks for which access, before anything is asked of the
// provider, and sets the cookie.
func StartPage(l browser.Language, o Opened) api.Browser {
	w := l.Words()
	facts := browser.Facts([2]string{w.RequestedBy, o.Requester}, [2]string{w.System, o.Connector}, [2]string{w.Connection, o.Name})
	form := browser.Entry(l, "/v1/oauth/start/"+o.Handoff.ID, browser.Say(w.ContinueTo, o.Connector), []browser.Hidden{{Name: "form", Value: o.Form.Reveal()}})
	page := browser.Page{
		Language: l, Title: browser.Say(w.ConnectTo, o.Connector), Mark: o.Mark, Text: w.SignIn,
		Parts: []string{facts, browser.Permissions(w.Access, Permissions(o.Scheme, o.Scopes)), Next(w, o.Connector, o.Handoff.ReturnURL), form, browser.Note(browser.Say(w.CautionAgree, o.Connector))},
	}
	return api.Browser{Status: http.StatusOK, HTML: page.HTML(), Cookies: []string{cookie(o.Handoff.ID, o.Cookie.Reveal(), cookieTime)}}
}

// Permissions describes scopes in the words of the catalogue.
func Permissions(scheme catalog.Scheme, scopes []string) []browser.Permission {
	described := map[string]string{}
	if scheme.OAuth != nil {
		for _, s := range scheme.OAuth.Scopes {
			described[s.Name] = s.Description
		}
	}
	var list []browser.Permission
	for _, name := range scopes {
		list = append(list, browser.Permission{Name: name, Description: described[name]})
	}
	return list
}

// Next says what happens once the person has gone on to the system.
func Next(w browser.Words, system, returnURL string) string {
	return browser.Steps(w.Next, browser.Say(w.NextSignIn, system), browser.Say(w.NextAgree, system), Back(w, returnURL))
}

// Back says where the person is in the end.
func Back(w browser.Words, returnURL string) string {
	u, err := url.Parse(returnURL)
	if err != nil || u.Host == "" {
		return w.NextClose
	}
	return browser.Say(w.NextReturn, u.Host)
}

// ConnectedPage says what is connected, by now or already.
func ConnectedPage(l browser.Language, c connection.Connection) string {
	w := l.Words()
	return browser.Page{
		Language: l, Title: w.Connected, State: browser.Done,
		Parts: []string{browser.Text(w.ConnectedText), browser.Facts([2]string{w.Connection, c.Name}, [2]string{w.Account, cmp.Or(c.Account.Name, c.Account.ID)}), browser.Text(w.Close)},
	}.HTML()
}

// EndPage returns the browser to the page that asked, or says how it ended. It
// takes the result of Complete as it is.
func EndPage(l browser.Language, c Completed, err error) (api.Browser, error) {
	if err != nil {
		return api.Browser{}, err
	}
	w, gone := l.Words(), []string{Gone(c.Handoff.ID)}
	outcome := url.Values{"connectionId": {c.Handoff.ConnectionID}}
	page := ConnectedPage(l, c.Connection)
	if c.Denied {
		outcome.Set("error", string(fault.CodeOAuthDenied))
		page = browser.Page{Language: l, Title: w.NotConnected, State: browser.Failed, Text: w.Declined}.HTML()
	}
	if !c.Denied && c.Connection.AccountRequired {
		outcome.Set("error", string(fault.CodeAccountRequired))
		page = browser.Page{Language: l, Title: w.OneStep, State: browser.Pending, Text: w.OneStepText}.HTML()
	}
	if c.Handoff.ReturnURL != "" {
		return api.Browser{Status: http.StatusSeeOther, Location: c.Handoff.ReturnURL + "?" + outcome.Encode(), Cookies: gone}, nil
	}
	return api.Browser{Status: http.StatusOK, HTML: page, Cookies: gone}, nil
}
