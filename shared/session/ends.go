package session

import (
	"context"
	"net/http"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/fault"
)

// notConnected is the page of a try that failed.
func notConnected(v Session, l browser.Language) string {
	w := l.Words()
	text := w.NotMade
	if v.Problem == fault.CodeOAuthDenied {
		text = w.Declined
	}
	return browser.Page{
		Language: l, Title: w.NotConnected, State: browser.Failed, Text: text,
		Parts: []string{browser.Choice(l, path(v.ID), w.TryAgain, nil)},
	}.HTML()
}

// waits reports whether the tenant's backend has yet to say who came back.
func (s Session) waits() bool { return s.State == AwaitingCompletion || s.State == Completing }

// waiting is the page until it has.
func (s *Service) waiting(ctx context.Context, v Session, l browser.Language) (api.Browser, error) {
	t, err := s.Tenants.Get(ctx, v.Tenant)
	if err != nil {
		return api.Browser{}, err
	}
	w := l.Words()
	page := browser.Page{
		Language: l, Title: w.Waiting, State: browser.Pending, Text: browser.Say(w.WaitingText, t.Name),
		Parts: []string{
			browser.Choice(l, path(v.ID), w.CheckAgain, nil),
			browser.Second(browser.Choice(l, path(v.ID), w.StartOver, []browser.Hidden{{Name: "over", Value: "1"}})),
		},
	}
	return api.Browser{Status: http.StatusOK, HTML: page.HTML()}, nil
}
