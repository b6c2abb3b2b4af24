package method

import (
	"context"
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// Account is one that a credential reaches, as the system lists it. What is shown
// of it is one line each, or absent.
type Account struct {
	ID          string
	Name        string
	Kind        string
	Environment string
	URL         string                   // https, without query.
	Values      map[string]catalog.Value // What the choice of it sets.
}

const (
	maxAccountID   = 256
	maxAccountText = 256
)

// Accounts asks the system which accounts a credential reaches, each once. A probe
// that is not OK says why there is no list. A list that is none, that is too long,
// or with an entry whose id or values are not what the connector promises, is a
// fault with code provider_error: nothing is chosen from what may be somebody
// else's. Local is Catalog.Local.
func Accounts(ctx context.Context, reach Reach, t Target, l vault.Leasable, local bool) ([]Account, Probe, error) {
	a := t.Scheme.Accounts
	p, err := Call(ctx, reach, t, a.Request, l)
	if err != nil || p.Outcome != catalog.OK {
		return nil, p, err
	}
	listed := p.Members
	if a.Items != "" {
		listed = Member(p.Members, a.Items)
	}
	entries, ok := listed.([]any)
	if !ok || len(entries) > catalog.MostAccounts {
		return nil, p, unlisted("The provider's answer lacks a usable list of accounts.")
	}
	found := make([]Account, 0, len(entries))
	values := map[string]map[string]catalog.Value{}
	for _, entry := range entries {
		account, err := readAccount(*a, entry, local)
		if err != nil {
			return nil, p, err
		}
		before, seen := values[account.ID]
		if seen && !maps.Equal(before, account.Values) {
			return nil, p, unlisted("The provider lists two accounts under one id.")
		}
		if !seen {
			values[account.ID] = account.Values
			found = append(found, account)
		}
	}
	return found, p, nil
}

func readAccount(a catalog.Accounts, entry any, local bool) (Account, error) {
	account := Account{ID: text(entry, a.ID), Values: map[string]catalog.Value{}}
	if account.ID == "" || !line(account.ID, maxAccountID) {
		return account, unlisted("The provider lists an account without a usable id.")
	}
	for _, c := range a.Capture {
		value, err := catalog.CheckCapture(c, strings.TrimSuffix(text(entry, c.Path), "/"), local)
		if err != nil {
			return account, err
		}
		account.Values[c.Name] = value
	}
	shown := func(path string) string {
		if s := text(entry, path); path != "" && line(s, maxAccountText) {
			return s
		}
		return ""
	}
	account.Name, account.Kind, account.Environment = shown(a.Name), shown(a.Kind), shown(a.Environment)
	if address := shown(a.URL); address != "" {
		v, err := catalog.CheckCapture(catalog.Capture{Type: catalog.TypeURL}, strings.TrimSuffix(address, "/"), local)
		if err == nil {
			account.URL = v.Text
		}
	}
	return account, nil
}

// line reports whether the text is one line that can be shown and kept.
func line(s string, limit int) bool {
	return len(s) <= limit && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func unlisted(detail string) error {
	return fault.New(fault.Upstream, fault.CodeProviderError, detail)
}
