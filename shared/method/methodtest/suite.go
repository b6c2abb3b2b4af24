package methodtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Run checks what every auth method promises, for a target of Connector:
// Apply is pure, and no secret can be read from what the method returns, from
// its requests, or from its errors, however they are printed.
func Run(t *testing.T, m method.Method) {
	t.Run("is found by its type", func(t *testing.T) {
		if found, ok := method.For(m.Type()); !ok || found != m {
			t.Errorf("For(%q): got %v, %v", m.Type(), found, ok)
		}
	})
	t.Run("applies the same every time and changes nothing", func(t *testing.T) { pure(t, m) })
	t.Run("what it applies does not print", func(t *testing.T) {
		l, err := m.Apply(Target(m.Type()), fields(t, m, ""), token(m, ""))
		if err != nil {
			t.Fatal(err)
		}
		wantSilent(t, l)
	})
	t.Run("refuses what would end a header field", func(t *testing.T) {
		for _, end := range []string{"\r\nX: 1", "\x00", "\n"} {
			target := Target(m.Type())
			if len(target.Scheme.Apply.Headers)+len(target.Scheme.Apply.Query) == 0 {
				return // What it hands out stands in no header.
			}
			l, err := m.Apply(target, fields(t, m, end), token(m, end))
			if err == nil && !slices.Contains([]string{"basic", "oauth1", "netsuite_tba", "none"}, m.Type()) { // Their values are encoded, or there are none.
				t.Errorf("Apply of a secret with %q: no error", end)
			}
			wantSilent(t, l, err)
		}
	})
	t.Run("its requests do not print", func(t *testing.T) { requests(t, m) })
}

// fields returns a static credential of the scheme; every value is a canary, or
// generated.
func fields(t *testing.T, m method.Method, end string) map[string]secret.Bytes {
	t.Helper()
	if g, ok := m.(method.Generator); ok {
		made, err := g.Generate(rand.Reader, Target(m.Type()), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	out := map[string]secret.Bytes{}
	for _, name := range []string{"apiKey", "username", "password", "privateKey", "clientId", "clientSecret", "consumerKey", "consumerSecret", "token", "tokenId", "tokenSecret"} {
		out[name] = secret.FromString("field-canary-" + name + end)
	}
	out["accessKeyId"] = secret.FromString("AKIA0123456789ABCDEF" + end)
	out["secretAccessKey"] = secret.FromString("field/canary/of/forty/characters/0000000" + end)
	return out
}

// kept returns what a connection may keep to get tokens with; every value is a
// canary.
func kept() map[string]secret.Bytes {
	out := map[string]secret.Bytes{"key": secret.FromString(`{"type":"service_account","client_email":"robot","private_key":"key-canary"}`)}
	for _, name := range []string{"clientSecret", "privateKey", "subjectToken", "actorToken"} {
		out[name] = secret.FromString("field-canary-" + name)
	}
	return out
}

// token returns an access token of the form the method has for it.
func token(m method.Method, end string) method.Token {
	if m.Type() == "aws_assume_role" {
		session, _ := json.Marshal(map[string]string{
			"accessKeyId": "ASIA0123456789ABCDEF", "secretAccessKey": "secret-canary" + end, "sessionToken": "session-canary",
		})
		return method.Token{AccessToken: secret.New(session)}
	}
	return method.Token{AccessToken: secret.FromString("access-canary" + end), RefreshToken: secret.FromString("refresh-canary"), Type: "Bearer"}
}

func pure(t *testing.T, m method.Method) {
	given, target := fields(t, m, ""), Target(m.Type())
	target.Values = map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: "acme"}}
	kept := maps.Clone(given)
	first, err := m.Apply(target, given, token(m, ""))
	if err != nil {
		t.Fatal(err)
	}
	second, err := m.Apply(target, given, token(m, ""))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error("Apply gave two results for one credential")
	}
	if diff := cmp.Diff(kept, given); diff != "" {
		t.Error("Apply changed the fields it was given")
	}
	want := Target(m.Type())
	want.Values = map[string]catalog.Value{"shop": {Type: catalog.TypeLabel, Text: "acme"}}
	if diff := cmp.Diff(want, target); diff != "" {
		t.Errorf("Apply changed its target (-want +got):\n%s", diff)
	}
}

// requests lets the method make all the requests it can, to a provider that
// works and to one that echoes what it was sent.
func requests(t *testing.T, m method.Method) {
	target, canary := Target(m.Type()), secret.FromString("token-canary")
	wantSilent(t, target)
	var made []method.Request
	add := func(r method.Request, err error) {
		if err != nil {
			t.Errorf("token request: %v", err)
		}
		made = append(made, r)
	}
	if a, ok := m.(method.Authorizer); ok {
		code := canary
		if p, ok := m.(method.Preparer); ok {
			code, _ = p.Answer(url.Values{"oauth_token": {"token-canary"}, "oauth_verifier": {"verifier-canary"}})
		}
		add(a.Exchange(target, code, code))
	}
	if p, ok := m.(method.Preparer); ok {
		prepares(t, p, target)
	}
	if a, ok := m.(method.Redirector); ok {
		address, err := a.AuthorizeURL(target, method.Authorization{State: secret.FromString("state"), Challenge: "challenge"})
		wantSilent(t, address, err)
	}
	if d, ok := m.(method.DeviceAuthorizer); ok {
		add(d.Device(target))
		add(d.Poll(target, canary))
	}
	if r, ok := m.(method.Refresher); ok {
		add(r.Refresh(target, canary))
	}
	if g, ok := m.(method.Granter); ok {
		given := fields(t, m, "")
		if target.Scheme.Login == nil {
			given = kept()
			add(g.Grant(target, nil)) // The client of the template asks.
		}
		add(g.Grant(target, given))
	}
	for _, request := range made {
		wantSilent(t, request)
		for _, step := range []Step{{}, {Err: errors.New("post https://x/?key=canary")}, {Status: 500, Body: "canary"}, {Status: 400, Body: `{"error":"canary"}`}} {
			p := New()
			p.Script("/token", step)
			p.Script("/login", step)
			p.Script("/device", step)
			answer, err := request.Send(t.Context(), Reach(p))
			parsed, refused := answer.Parse(catalog.Refresh{})
			wantSilent(t, answer, err, parsed, refused)
			device, refused := answer.DeviceGrant(target, false)
			wantSilent(t, device, refused)
		}
	}
	if v, ok := m.(method.Verifier); ok {
		probe, err := v.Verify(t.Context(), method.Reach{HTTP: New(), Servers: refuser{}}, target, vault.Leasable{Values: fields(t, m, "")})
		wantSilent(t, probe, err)
	}
	if r, ok := m.(method.Revoker); ok {
		p := New()
		p.Script("/revoke", Step{Err: errors.New("canary")})
		outcome, err := r.Revoke(t.Context(), Reach(p), target, canary, "refresh_token")
		wantSilent(t, outcome, err)
	}
}

// prepares lets the method ask a provider that fails in several ways.
func prepares(t *testing.T, m method.Preparer, target method.Target) {
	for _, step := range []Step{{Err: errors.New("post https://x/?key=canary")}, {Status: 500, Body: "canary"}, {Status: 200, Body: "oauth_token=canary&oauth_token_secret=canary"}} {
		p := New()
		p.Script("/request", step)
		address, kept, err := m.Prepare(t.Context(), method.Reach{HTTP: p}, target, method.Authorization{State: secret.FromString("state-canary")})
		if err == nil {
			t.Error("Prepare: no error")
		}
		wantSilent(t, address, kept, err)
	}
}

// refuser is a method.Prober of servers that refuse everybody.
type refuser struct{}

func (refuser) Probe(context.Context, method.Login) (method.Probe, error) {
	return method.Probe{Outcome: catalog.AuthError}, nil
}

// wantSilent prints values in every way a program does by mistake.
func wantSilent(t *testing.T, values ...any) {
	t.Helper()
	for _, v := range values {
		var out bytes.Buffer
		fmt.Fprintf(&out, "%v %+v %#v %s\n", v, v, v, v)
		if encoded, err := json.Marshal(v); err != nil {
			fmt.Fprintln(&out, err)
		} else {
			out.Write(encoded)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("text", "value", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "value", v)
		if strings.Contains(out.String(), "canary") || strings.Contains(out.String(), "PRIVATE KEY") {
			t.Errorf("%T prints a secret", v)
		}
	}
}
