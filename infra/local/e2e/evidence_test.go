package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// evidence is everything of a run in which no secret may be found, apart from
// what is read at its end.
type evidence struct {
	mu    sync.Mutex
	items []item
}

// item is one piece of evidence: an answer, an event, an attribute of an item.
type item struct {
	where   string
	content []byte
}

func (v *evidence) add(where string, content []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.items = append(v.items, item{where, content})
}

func (v *evidence) all() []item {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.items
}

// answer keeps an answer of the API without the values that it exists to hand
// out.
func (v *evidence) answer(res *http.Response, body []byte, handedOut ...string) {
	var text bytes.Buffer
	_, _ = fmt.Fprintf(&text, "%s\n%s\n%s", res.Status, dump(res.Header), body) // A buffer takes everything.
	content := text.String()
	for _, value := range handedOut {
		if value != "" {
			content = strings.ReplaceAll(content, value, "(handed out)")
		}
	}
	v.add("answer to "+res.Request.Method+" "+res.Request.URL.Path, []byte(content))
}

func dump(header http.Header) string {
	var b strings.Builder
	_ = header.Write(&b) // A builder takes everything.
	return b.String()
}

// recorder is the HTTP client of every call to the API: it keeps the answers.
type recorder struct {
	e    *environment
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if err := res.Body.Close(); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	var cookies []string
	for _, cookie := range res.Cookies() {
		cookies = append(cookies, cookie.Value)
	}
	r.e.evidence.answer(res, withoutCredential(req, body), cookies...)
	r.e.secrets.lease(req, body)
	r.e.secrets.webhook(req, body)
	return res, nil
}

// handsOut names the members of an answer that exist to hand a secret out.
func handsOut(r *http.Request) []string {
	switch {
	case strings.HasSuffix(r.URL.Path, "/lease"):
		return []string{"accessToken", "headers", "query", "values"}
	case strings.HasSuffix(r.URL.Path, "/authorize"):
		return []string{"startUrl", "userCode", "verificationUrlComplete"}
	case strings.HasSuffix(r.URL.Path, "/connect-sessions"):
		return []string{"url"}
	case showsWebhookSecret(r):
		return []string{"secret"}
	}
	return nil
}

func withoutCredential(r *http.Request, body []byte) []byte {
	var members map[string]json.RawMessage
	names := handsOut(r)
	if len(names) == 0 || json.Unmarshal(body, &members) != nil {
		return body
	}
	for _, name := range names {
		delete(members, name)
	}
	rest, err := json.Marshal(members)
	if err != nil {
		return body
	}
	return rest
}

// lease remembers the access token of a lease.
func (c *canaries) lease(r *http.Request, body []byte) {
	var answer struct{ AccessToken string }
	if strings.HasSuffix(r.URL.Path, "/lease") && json.Unmarshal(body, &answer) == nil {
		c.add("access token", answer.AccessToken)
	}
}

// showsWebhookSecret reports whether a request is answered with the secret that
// webhooks are signed with.
func showsWebhookSecret(r *http.Request) bool {
	return r.Method == http.MethodPost && (r.URL.Path == "/v1/webhook-endpoints" || strings.HasSuffix(r.URL.Path, "/rotate"))
}

// webhook remembers the secret of an endpoint, with and without what all begin
// with.
func (c *canaries) webhook(r *http.Request, body []byte) {
	var answer struct{ Secret string }
	if showsWebhookSecret(r) && json.Unmarshal(body, &answer) == nil {
		c.add("webhook secret", answer.Secret)
		c.add("webhook secret", strings.TrimPrefix(answer.Secret, "whsec_"))
	}
}
