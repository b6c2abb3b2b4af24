package method

import (
	"encoding/json"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// Limits of what is accepted inside a token answer.
const (
	depthLimit  = 32
	memberLimit = 1000
	listLimit   = 30_000 // Of an answer that lists something.
	tokenLimit  = 48 << 10
)

// Refusals of a token endpoint. They are told apart because only Definitive
// speaks about this credential; ClientRefused speaks about the template.
var (
	Definitive = fault.New(fault.Conflict, fault.CodeReauthRequired,
		"The system no longer accepts the credential.").WithRemedy("reconnect")
	ClientRefused = fault.New(fault.Upstream, fault.CodeProviderError,
		"The system refused the OAuth client of the template.").WithRemedy("contact_admin")
	Unreadable = fault.New(fault.Upstream, fault.CodeProviderError,
		"The token endpoint's answer could not be understood.").WithRemedy("retry")
)

// Parse reads an answer (RFC 6749 5.1 and 5.2). It is as forgiving as providers
// are careless with lifetimes and media types, and strict with what later goes
// into a header.
func (a Answer) Parse(r catalog.Refresh) (Token, error) {
	members, err := decodeMembers(a.Body.Reveal())
	if err != nil {
		return Token{}, a.refusal("", err)
	}
	if code := errorCode(members); code != "" || !a.Succeeded() {
		return Token{}, a.refusal(code, nil)
	}
	t := Token{
		AccessToken:  secretMember(members, "access_token"),
		RefreshToken: secretMember(members, "refresh_token"),
		IDToken:      secretMember(members, "id_token"),
		Type:         stringMember(members, "token_type"),
		Members:      members,
	}
	for _, name := range []string{"access_token", "refresh_token", "id_token"} {
		delete(members, name) // They have fields that do not print.
	}
	if t.AccessToken.IsZero() || !headerSafe(t.AccessToken) || !headerSafe(t.RefreshToken) {
		return Token{}, Unreadable
	}
	switch strings.ToLower(t.Type) {
	case "", "bearer":
		t.Type = "Bearer"
	default:
		return Token{}, fault.New(fault.Upstream, fault.CodeProviderError, "The system issued a token of a type that is not supported.")
	}
	t.Lifetime = lifetime(members["expires_in"])
	if t.Lifetime == 0 {
		t.Lifetime = time.Duration(r.AccessSeconds) * time.Second
	}
	if r.NeverExpires {
		t.Lifetime = 0
	}
	for _, name := range []string{"refresh_token_expires_in", "x_refresh_token_expires_in", "refresh_expires_in"} {
		t.RefreshExpires = max(t.RefreshExpires, lifetime(members[name]))
	}
	t.Scopes = scopes(members["scope"])
	return t, nil
}

// refusal classifies an answer that is no token, by the codes of RFC 6749 5.2 and
// those that GitHub, Slack and Zoho have instead.
func (a Answer) refusal(code string, cause error) error {
	switch strings.ToLower(code) {
	case "invalid_grant", "bad_refresh_token", "bad_verification_code", "invalid_refresh_token", "invalid_code":
		return Definitive
	case "invalid_client", "unauthorized_client", "invalid_client_id", "incorrect_client_credentials", "bad_client_secret":
		return ClientRefused
	}
	switch {
	case a.Status == 429:
		return fault.New(fault.RateLimited, fault.CodeProviderUnavailable, "The system limits calls at the moment.").WithRemedy("retry").Retry(a.RetryAfter)
	case a.Status >= 500:
		return fault.New(fault.Unavailable, fault.CodeProviderUnavailable, "The system has a problem at the moment.").WithRemedy("retry").Retry(a.RetryAfter)
	case a.Status == 401 && code == "":
		return ClientRefused
	}
	return Unreadable.Because(cause)
}

// decodeMembers reads a JSON object within limits, refusing duplicate names; a
// form-encoded body, which some providers send, is read as well.
func decodeMembers(body string) (map[string]any, error) {
	body = strings.TrimSpace(strings.TrimPrefix(body, "\ufeff"))
	if !strings.HasPrefix(body, "{") {
		return decodeForm(body)
	}
	v, err := decodeJSON(body, memberLimit)
	if err != nil {
		return nil, err
	}
	members, ok := v.(map[string]any)
	if !ok {
		return nil, errMalformed
	}
	return members, nil
}

// decodeAnswer reads what a system answers besides tokens: decodeMembers, or JSON
// that may be, or hold, a long list. What is neither is nothing.
func decodeAnswer(body string) any {
	body = strings.TrimSpace(strings.TrimPrefix(body, "\ufeff"))
	if strings.HasPrefix(body, "[") || strings.HasPrefix(body, "{") {
		v, err := decodeJSON(body, listLimit)
		if err != nil {
			return nil
		}
		return v
	}
	members, err := decodeMembers(body)
	if err != nil {
		return nil
	}
	return members
}

// decodeJSON reads one JSON value and nothing behind it.
func decodeJSON(body string, budget int) (any, error) {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	v, err := decodeValue(d, 0, &budget)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errMalformed
	}
	return v, nil
}

// decodeForm accepts application/x-www-form-urlencoded only when it clearly is
// a token answer, so that a page of HTML is not mistaken for one.
func decodeForm(body string) (map[string]any, error) {
	if strings.ContainsAny(body, "<\n ") {
		return nil, errMalformed
	}
	values, err := url.ParseQuery(body)
	if err != nil || (!values.Has("access_token") && !values.Has("error")) {
		return nil, errMalformed
	}
	members := map[string]any{}
	for name, v := range values {
		if len(v) != 1 {
			return nil, errMalformed
		}
		members[name] = v[0]
	}
	return members, nil
}

// errMalformed says nothing of the body, which may hold tokens.
var errMalformed = fault.New(fault.Upstream, fault.CodeProviderError, "malformed token answer")

func decodeValue(d *json.Decoder, depth int, budget *int) (any, error) {
	if *budget--; *budget < 0 || depth > depthLimit {
		return nil, errMalformed
	}
	token, err := d.Token()
	if err != nil {
		return nil, errMalformed
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if delim == '{' {
		return decodeObject(d, depth, budget)
	}
	var list []any
	for d.More() {
		v, err := decodeValue(d, depth+1, budget)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, errMalformed
	}
	return list, nil
}

func decodeObject(d *json.Decoder, depth int, budget *int) (any, error) {
	members := map[string]any{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errMalformed
		}
		key, ok := name.(string)
		if _, twice := members[key]; !ok || twice {
			return nil, errMalformed
		}
		v, err := decodeValue(d, depth+1, budget)
		if err != nil {
			return nil, err
		}
		members[key] = v
	}
	if _, err := d.Token(); err != nil {
		return nil, errMalformed
	}
	return members, nil
}

// errorCode finds the error in RFC 6749 answers and in the 200s of providers
// that put it there (GitHub's error member, Slack's ok: false).
func errorCode(members map[string]any) string {
	switch code := members["error"].(type) {
	case string:
		if code != "" {
			return code
		}
	case bool:
		if code {
			return "error"
		}
	case nil:
	default:
		return "error"
	}
	if ok, present := members["ok"].(bool); present && !ok {
		return "error"
	}
	if code, ok := members["status"].(string); ok && members["access_token"] == nil {
		return code
	}
	return ""
}

// lifetime reads expires_in in every form providers send it: 3600, "3600",
// 3599.5. What is no positive number of at most ten years is not said.
func lifetime(v any) time.Duration {
	var text string
	switch x := v.(type) {
	case json.Number:
		text = x.String()
	case string:
		text = x
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || seconds < 1 || seconds > 10*365*24*3600 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func scopes(v any) []string {
	s, _ := v.(string)
	found := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	if len(found) == 0 {
		return nil // There is no empty scope (RFC 6749 3.3): it says nothing.
	}
	return found
}

func stringMember(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

func secretMember(m map[string]any, name string) secret.Bytes {
	return secret.FromString(stringMember(m, name))
}

// headerSafe reports whether s may stand in a header field and is of a sane
// length: the characters of RFC 6749 A.12 and A.17 without the space. The zero
// secret is safe.
func headerSafe(s secret.Bytes) bool {
	if s.Len() > tokenLimit {
		return false
	}
	return strings.IndexFunc(s.Reveal(), func(r rune) bool { return r < 0x21 || r > 0x7e }) < 0
}
