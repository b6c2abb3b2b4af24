package session

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// several is the page of a session whose credential reaches several accounts. They
// are listed when its form is posted: the page itself has no way to credentials.
func several(v Session, l browser.Language, form string) api.Browser {
	w := l.Words()
	show := browser.Entry(l, path(v.ID), w.ShowAccount, []browser.Hidden{{Name: "form", Value: form}})
	page := browser.Page{Language: l, Title: w.Several, Text: w.SeveralText, Parts: []string{show}}
	return api.Browser{Status: http.StatusOK, HTML: page.HTML()}
}

// choose takes the account that the end user chose, or lists those there are. The
// connection is the one that the session has made or reconnected.
func (s *Service) choose(ctx context.Context, v Session, l browser.Language, caller auth.Caller, c connection.Connection, form url.Values) (api.Browser, error) {
	w, status, alert := l.Words(), http.StatusOK, ""
	if wanted := form.Get("account"); wanted != "" {
		_, err := s.Connects.Choose(ctx, caller, connect.Choice{ConnectionID: c.ID, IfMatch: "*", AccountID: wanted})
		if err == nil {
			return s.succeed(ctx, v, l)
		}
		if !correctable(err) {
			return api.Browser{}, err
		}
		status, alert = http.StatusUnprocessableEntity, browser.Alerts(l, fault.From(err), nil)
	}
	listed, err := s.Connects.Accounts(ctx, caller, c.ID)
	if err != nil {
		return api.Browser{}, err
	}
	field := browser.Field{Name: "account", Label: w.Account, Required: true, Cards: true}
	for _, a := range listed.Accounts {
		o := browser.Option{Value: a.ID, Text: a.ID}
		if a.Name != "" {
			o.Text, o.Note = a.Name, a.ID
		}
		field.Options = append(field.Options, o)
	}
	use := browser.Entry(l, path(v.ID), w.UseAccount, []browser.Hidden{{Name: "form", Value: form.Get("form")}}, field)
	page := browser.Page{Language: l, Title: w.Several, Wrong: alert != "", Text: w.SeveralText, Parts: []string{alert, use}}
	return api.Browser{Status: status, HTML: page.HTML()}, nil
}
