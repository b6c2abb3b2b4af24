package connect

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
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
func StartPage(o Opened) api.Browser {
	facts := browser.Facts(
		[2]string{"Requested by", o.Requester},
		[2]string{"Connection", o.Name},
		[2]string{"Access", strings.Join(o.Scopes, ", ")},
	)
	form := browser.Form("/v1/oauth/start/"+o.Handoff.ID, "form", o.Form.Reveal(), "Continue to "+o.Connector)
	note := browser.Note("Continue only if you asked for this yourself. Nothing is shared until you agree at " + o.Connector + ".")
	return api.Browser{
		Status:  http.StatusOK,
		HTML:    browser.Document("Connect "+o.Connector, "You will be asked to sign in and to agree.", facts, form, note),
		Cookies: []string{cookie(o.Handoff.ID, o.Cookie.Reveal(), cookieTime)},
	}
}

// EndPage returns the browser to the page that asked, or says how it ended. It
// takes the result of Complete as it is.
func EndPage(c Completed, err error) (api.Browser, error) {
	if err != nil {
		return api.Browser{}, err
	}
	gone := []string{Gone(c.Handoff.ID)}
	outcome := url.Values{"connectionId": {c.Handoff.ConnectionID}}
	page := browser.Document("Connected", "The account is connected. You can close this page.")
	if c.Denied {
		outcome.Set("error", string(fault.CodeOAuthDenied))
		page = browser.Document("Not connected", "Access was declined. You can close this page and start again.")
	}
	if !c.Denied && c.Connection.AccountRequired {
		outcome.Set("error", string(fault.CodeAccountRequired))
		page = browser.Document("One step is left", "You have signed in, and several accounts can be reached. Choose the one to use where you began. You can close this page.")
	}
	if c.Handoff.ReturnURL != "" {
		return api.Browser{Status: http.StatusSeeOther, Location: c.Handoff.ReturnURL + "?" + outcome.Encode(), Cookies: gone}, nil
	}
	return api.Browser{Status: http.StatusOK, HTML: page, Cookies: gone}, nil
}
