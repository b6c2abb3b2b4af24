package method

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// probeTimeout bounds one verification call.
const probeTimeout = 10 * time.Second

// Verify makes the scheme's verification call with a credential. A connector
// without one is taken to work: there is nothing to ask. The error is of our
// own making only (a template that does not expand, an egress refusal);
// whatever the system says is an outcome.
func Verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	m, _ := For(t.Scheme.Type)
	if v, ok := m.(Verifier); ok {
		return v.Verify(ctx, reach, t, l)
	}
	return verify(ctx, reach, t, l)
}

// verify makes the verification request of the scheme, or else of the connector.
func verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	request := t.Scheme.Verify
	if request == nil {
		request = t.Connector.Verify
	}
	if request == nil {
		return Probe{Outcome: catalog.OK}, nil
	}
	return Call(ctx, reach, t, *request, l)
}

// Call makes one request of the catalog with a credential.
func Call(ctx context.Context, reach Reach, t Target, r catalog.Request, l vault.Leasable) (Probe, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	req, err := newProbe(ctx, reach, t, r, l)
	if err != nil {
		return Probe{}, err
	}
	res, err := reach.HTTP.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit+1))
	if err != nil {
		return unreachable(err)
	}
	p := Probe{Members: decodeAnswer(string(body))}
	p.Outcome = classify(r, res.StatusCode, p.Members, string(body))
	if r.Scopes != "" && p.Outcome == catalog.OK {
		p.Scopes = permissions(Member(p.Members, r.Scopes))
	}
	if r.Account != nil && p.Outcome == catalog.OK {
		p.AccountID, p.AccountName = accountText(t, p.Members, r.Account.ID), accountText(t, p.Members, r.Account.Name)
	}
	return p, nil
}

// accountText returns what a member of catalog.AccountPath stands for, or
// nothing.
func accountText(t Target, answer any, path string) string {
	if len(catalog.Names(path)) == 0 {
		return text(answer, path)
	}
	named, err := catalog.ExpandText(path, variables(t, nil))
	if err != nil {
		return ""
	}
	return named
}

func newProbe(ctx context.Context, reach Reach, t Target, r catalog.Request, l vault.Leasable) (*http.Request, error) {
	vars := variables(t, nil)
	for name, value := range l.Values {
		vars[name] = value.Reveal() // A credential that stands in the message, as of WS-Security.
	}
	vars["accessToken"] = l.AccessToken.Reveal()
	req, body, err := newRequest(ctx, t, r, vars)
	if err != nil {
		return nil, err
	}
	if r.Bare {
		return req, nil
	}
	for name, value := range l.Headers {
		req.Header.Set(name, value.Reveal())
	}
	query := req.URL.Query()
	for name, value := range l.Query {
		query.Set(name, value.Reveal())
	}
	req.URL.RawQuery = query.Encode()
	m, _ := For(t.Scheme.Type)
	if signer, ok := m.(Signer); ok {
		return req, signer.Sign(req, []byte(body), t, l, reach)
	}
	return req, nil
}

// newRequest fills in a request of the catalog. What is in it may be secret, so
// it goes to no host but the connector's.
func newRequest(ctx context.Context, t Target, r catalog.Request, vars map[string]string) (req *http.Request, body string, err error) {
	address, err := catalog.Expand(r.URL, t.Values)
	if err != nil {
		return nil, "", fmt.Errorf("request URL of %s: %w", t.Connector.ID, err)
	}
	target, err := url.Parse(address)
	if err != nil || !t.Connector.Allows(target.Host, t.Values) {
		return nil, "", fault.New(fault.Unprocessable, fault.CodeEgressDenied, "The credential may not be sent to this host.")
	}
	body, err = probeBody(r, vars)
	if err != nil {
		return nil, "", fmt.Errorf("request body of %s: %w", t.Connector.ID, err)
	}
	req, err = http.NewRequestWithContext(ctx, r.Method, address, strings.NewReader(body))
	if err != nil {
		return nil, "", fmt.Errorf("request of %s: invalid", t.Connector.ID)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Tenon")
	for name, template := range r.Headers {
		value, err := catalog.ExpandText(template, vars)
		if err != nil {
			return nil, "", fmt.Errorf("request header of %s: %w", t.Connector.ID, err)
		}
		req.Header.Set(name, value)
	}
	return req, body, nil
}

// probeBody fills in the body, whose media type the request's headers name.
func probeBody(r catalog.Request, vars map[string]string) (string, error) {
	if r.Body == "" {
		return "", nil
	}
	for name, value := range r.Headers {
		if http.CanonicalHeaderKey(name) == "Content-Type" {
			return catalog.ExpandBody(value, r.Body, vars)
		}
	}
	return "", errors.New("no media type is named")
}

// unreachable turns a transport failure into an outcome; a refusal of our own
// egress rules stays an error.
func unreachable(err error) (Probe, error) {
	f := Unreachable(err)
	switch f.Code {
	case fault.CodeEgressDenied:
		return Probe{}, f
	case fault.CodeProviderTLS:
		return Probe{Outcome: catalog.TLSError}, nil
	default:
		return Probe{Outcome: catalog.NetworkError}, nil
	}
}

// classify applies the connector's rules, then the general table.
func classify(r catalog.Request, status int, members any, body string) catalog.Outcome {
	for _, rule := range r.Errors {
		if matches(rule, status, members, body) {
			return catalog.Outcome(rule.Outcome)
		}
	}
	ok := status >= 200 && status < 300
	if len(r.Expect) > 0 {
		ok = slices.Contains(r.Expect, status)
	}
	switch {
	case ok:
		return catalog.OK
	case status == http.StatusUnauthorized:
		return catalog.AuthError
	case status == http.StatusForbidden:
		return catalog.PermissionError
	case status == http.StatusTooManyRequests:
		return catalog.RateLimited
	case status >= 500:
		return catalog.ProviderError
	default:
		return catalog.Unknown
	}
}

// matches reports whether a rule speaks about this answer.
func matches(rule catalog.ErrorRule, status int, members any, body string) bool {
	if rule.Status != 0 && rule.Status != status {
		return false
	}
	if rule.Text != "" {
		return strings.Contains(body, rule.Text)
	}
	if rule.Path == "" {
		return true
	}
	v := Member(members, rule.Path)
	if rule.Equals != "" {
		if truth, ok := v.(bool); ok {
			return strconv.FormatBool(truth) == rule.Equals
		}
		return text(members, rule.Path) == rule.Equals
	}
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case []any:
		return len(v) > 0
	default:
		return true
	}
}

// What is kept of the permissions in an answer: many times what systems have,
// and what a record can hold.
const (
	maxScopes = 500
	maxScope  = 128
)

// permissions returns the texts of a list that can be scopes (RFC 6749 3.3), each once,
// or nil where the answer has no list.
func permissions(answered any) []string {
	list, ok := answered.([]any)
	if !ok {
		return nil
	}
	found := []string{}
	for _, v := range list {
		scope, _ := v.(string)
		foreign := func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }
		if scope == "" || len(scope) > maxScope || strings.ContainsFunc(scope, foreign) || slices.Contains(found, scope) {
			continue
		}
		if found = append(found, scope); len(found) == maxScopes {
			break
		}
	}
	return found
}

// text returns the member at a dotted path as text, or nothing.
func text(members any, path string) string {
	switch v := Member(members, path).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

// Member returns the member at a dotted path ("data.shop.id") of a JSON object or
// list, or nil. A number in the path counts in a list.
func Member(members any, path string) any {
	v := members
	for name := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}
