package catalogtest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// entry is the provider's one account as its list shows it.
func (p *Provider) entry() any {
	a := p.Scheme.Accounts
	var entry any = map[string]any{}
	for path, value := range map[string]any{a.ID: p.AccountID, a.Name: p.AccountName} {
		entry = place(entry, strings.Split(path, "."), value)
	}
	for _, c := range a.Capture {
		entry = place(entry, strings.Split(c.Path, "."), p.Captured[c.Name])
	}
	return entry
}

// listed is the answer that lists the accounts.
func (p *Provider) listed() any {
	list := []any{p.entry()}
	if p.Scheme.Accounts.Items == "" {
		return list
	}
	return place(map[string]any{}, strings.Split(p.Scheme.Accounts.Items, "."), list)
}

// listedAccount returns the id and the name of the account in the list.
func (p *Provider) listedAccount() (id, name string) {
	member := func(path string) string {
		at := p.entry()
		for part := range strings.SplitSeq(path, ".") {
			members, _ := at.(map[string]any)
			at = members[part]
		}
		return fmt.Sprint(at)
	}
	return member(p.Scheme.Accounts.ID), member(p.Scheme.Accounts.Name)
}

// beforeChoice takes what names the chosen account out of the credential that the
// list is expected to be asked for with, where it was asked for without.
func (p *Provider) beforeChoice(r catalog.Request, req *http.Request, headers http.Header, query url.Values) url.Values {
	if p.Scheme.Accounts == nil || r.URL != p.Scheme.Accounts.Request.URL {
		return query
	}
	known := map[string]catalog.Value{}
	kept := p.Scheme.BeforeChoice(known)
	for name := range p.Scheme.Apply.Headers {
		if _, ok := kept.Headers[name]; !ok && len(req.Header.Values(name)) == 0 {
			headers.Del(name)
		}
	}
	for name := range p.Scheme.Apply.Query {
		if _, ok := kept.Query[name]; !ok && !req.URL.Query().Has(name) {
			query.Del(name)
		}
	}
	return query
}
