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

const (
	severalTitle = "Choose an account"
	severalText  = "You are connected, and what you agreed to reaches several accounts. Choose the one to use."
)

// several is the page of a session whose credential reaches several accounts. They
// are listed when its form is posted: the page itself has no way to credentials.
func several(v Session, form string) api.Browser {
	html := browser.Document(severalTitle, severalText,
		browser.Entry(path(v.ID), "Show the accounts", []browser.Hidden{{Name: "form", Value: form}}))
	return api.Browser{Status: http.StatusOK, HTML: html}
}

// choose takes the account that the end user chose, or lists those there are. The
// connection is the one that the session has made or reconnected.
func (s *Service) choose(ctx context.Context, v Session, caller auth.Caller, c connection.Connection, form url.Values) (api.Browser, error) {
	status, alert := http.StatusOK, ""
	if wanted := form.Get("account"); wanted != "" {
		_, err := s.Connects.Choose(ctx, caller, connect.Choice{ConnectionID: c.ID, IfMatch: "*", AccountID: wanted})
		if err == nil {
			return s.succeed(ctx, v)
		}
		if !correctable(err) {
			return api.Browser{}, err
		}
		status, alert = http.StatusUnprocessableEntity, browser.Alert(fault.From(err).Detail)
	}
	listed, err := s.Connects.Accounts(ctx, caller, c.ID)
	if err != nil {
		return api.Browser{}, err
	}
	field := browser.Field{Name: "account", Label: "Account", Required: true}
	for _, a := range listed.Accounts {
		text := a.ID
		if a.Name != "" {
			text = a.Name + " (" + a.ID + ")"
		}
		field.Options = append(field.Options, browser.Option{Value: a.ID, Text: text})
	}
	html := browser.Document(severalTitle, severalText, alert,
		browser.Entry(path(v.ID), "Use this account", []browser.Hidden{{Name: "form", Value: form.Get("form")}}, field))
	return api.Browser{Status: status, HTML: html}, nil
}
