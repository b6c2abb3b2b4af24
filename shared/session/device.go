package session

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
)

// codeField tells the form of the device page from others.
const codeField = "code"

// code is what a person takes to another page. It is not kept: the page's own form
// brings it back.
type code struct{ system, user, page string }

func codeOf(system string, d connect.Started) code {
	c := code{system: system, user: d.UserCode.Reveal(), page: d.Page}
	if !d.PageComplete.IsZero() {
		c.page = d.PageComplete.Reveal()
	}
	return c
}

// devicePage tells the person where to enter which code. What happened meanwhile
// the system has to be asked, which the sweep does; the button looks it up.
func devicePage(v Session, e entry, c code, checked bool) string {
	w, host, notYet := e.language.Words(), c.page, ""
	if u, err := url.Parse(c.page); err == nil && u.Host != "" {
		host = u.Host
	}
	if checked {
		notYet = `<div role="status">` + browser.Text(w.CodeNotYet) + `</div>`
	}
	check := browser.Entry(e.language, path(v.ID), w.CodeCheck, []browser.Hidden{
		{Name: "form", Value: e.form}, {Name: codeField, Value: c.user}, {Name: "page", Value: c.page}, {Name: "system", Value: c.system},
	})
	return browser.Page{
		Language: e.language, Title: browser.Say(w.ConnectTo, c.system), Text: browser.Say(w.CodeText, c.system),
		Parts: []string{browser.Code(w.Code, c.user), browser.Link(c.page, browser.Say(w.CodeOpen, host)), notYet, browser.Second(check), browser.Note(w.CodeCaution)},
	}.HTML()
}

// recheck says what became of the code that was handed out.
func (s *Service) recheck(ctx context.Context, seen View, l browser.Language, form url.Values) (api.Browser, error) {
	v := seen.Session
	if v.State == Completed {
		return s.end(ctx, seen, l)
	}
	if err := v.over(s.Connects.Now()); err != nil {
		return api.Browser{}, err
	}
	e := entry{language: l, form: form.Get("form")}
	if v.State == AccountRequired {
		return several(v, l, e.form), nil
	}
	open, err := s.Connects.Polling(ctx, v.HandoffID)
	if err != nil {
		return api.Browser{}, err
	}
	if !open { // It may have ended well since the session was looked at.
		if seen, err = s.view(ctx, v); err != nil {
			return api.Browser{}, err
		}
		if seen.Session.State == Completed {
			return s.end(ctx, seen, l)
		}
		return api.Browser{Status: http.StatusOK, HTML: notConnected(v, l)}, nil
	}
	c := code{system: form.Get("system"), user: form.Get(codeField), page: form.Get("page")}
	return api.Browser{Status: http.StatusOK, HTML: devicePage(v, e, c, true)}, nil
}
