package walktest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/lint"
	"github.com/tenonhq/tenon/shared/catalog/scaffold"
	"github.com/tenonhq/tenon/shared/method"
)

// TestEveryType walks a connector of every scheme type, whether the catalog has
// one of it or not: what the scaffold begins and a person filled in.
func TestEveryType(t *testing.T) {
	t.Parallel()
	for _, m := range method.All() {
		if _, ok := walks[m.Type()]; !ok {
			t.Errorf("there is no walk for the scheme type %s; write one", m.Type())
		}
	}
	walkAll(t, samples(t))
}

// samples are connectors of every type, and of what a type can be besides. Their
// ids begin with sample-.
func samples(t *testing.T) []catalog.Connector {
	t.Helper()
	var all []catalog.Connector
	for _, m := range method.All() {
		all = append(all, filled(t, m.Type()))
	}
	for _, id := range []string{
		"client_secret_jwt", "client_own_key", "client_given", "bearer_scopes", "bearer_own_key", "bearer_client", "exchange_given", "exchange_actor", "service_keyless", "service_rsa",
		"oauth1_handoff", "oauth1_both", "session_header", "session_cookie", "session_text", "none_placed", "ssh_password", "database_tls",
	} {
		all = append(all, sample(t, id))
	}
	return all
}

// filled is the scaffold of a type with its blanks filled in, and with keys that
// are made faster than RSA's.
func filled(t *testing.T, kind string) catalog.Connector {
	t.Helper()
	text, err := scaffold.New("sample-"+strings.ReplaceAll(kind, "_", "-"), kind, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
	must(t, err)
	c, complaints := lint.Read([]byte(strings.NewReplacer(lint.Blank, "", lint.BlankHost, "api.acme.com", "RS256", "ES256").Replace(string(text))))
	if len(complaints) > 0 {
		t.Fatalf("the scaffold of %s: %q", kind, complaints)
	}
	return c
}

// sample is the scaffold of a type, changed.
func sample(t *testing.T, id string) catalog.Connector {
	t.Helper()
	kind, change := variant(id)
	c := filled(t, kind)
	c.ID, c.Schemes[0].ID = "sample-"+strings.ReplaceAll(id, "_", "-"), id
	change(&c, &c.Schemes[0])
	return c
}

func input(name, kind string, optional bool) catalog.Input {
	return catalog.Input{Name: name, Title: name, Type: kind, Optional: optional}
}

func variant(id string) (kind string, change func(*catalog.Connector, *catalog.Scheme)) {
	keyed := func(algorithm string) *catalog.Assertion { return &catalog.Assertion{Algorithm: algorithm} }
	ownKey := []catalog.Input{input("privateKey", catalog.TypeFile, false)}
	scopes := func(o *catalog.OAuth) {
		o.Scopes, o.DefaultScopes = []catalog.Scope{{Name: "read", Required: true}, {Name: "write"}}, []string{"read", "write"}
	}
	switch id {
	case "client_secret_jwt": // As NetSuite: the scopes and the certificate are in the assertion.
		return machine, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Inputs = []catalog.Input{input("certificateId", catalog.TypeText, false)}
			s.OAuth.ClientAuth, s.OAuth.RevokeURL = "private_key_jwt", "https://api.acme.com/oauth/revoke"
			s.Assertion = &catalog.Assertion{Algorithm: "ES256", KeyID: "{certificateId}", Scope: true, Seconds: 300, Claims: map[string]string{"certificate": "{certificateId}"}}
			scopes(s.OAuth)
		}
	case "client_own_key":
		return machine, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.OAuth.ClientAuth, s.OAuth.RevokeURL, s.Assertion, s.Fields = "private_key_jwt", "https://api.acme.com/oauth/revoke", keyed("ES256"), ownKey
		}
	case "client_given":
		return machine, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Fields = []catalog.Input{input("clientId", catalog.TypeText, false), input("clientSecret", catalog.TypeSecret, false)}
		}
	case "bearer_scopes": // As Salesforce: an input is the client, and the token tells where it is good for.
		return jwtBearer, func(c *catalog.Connector, s *catalog.Scheme) {
			s.Inputs = []catalog.Input{input("clientId", catalog.TypeText, false), input("username", catalog.TypeText, false), input("team", catalog.TypeText, true)}
			s.OAuth.ClientAuth, s.OAuth.RevokeURL = "none", "https://api.acme.com/oauth/revoke"
			s.OAuth.Capture = []catalog.Capture{{Name: "instanceUrl", From: "token", Path: "instance_url", Type: catalog.TypeURL, Host: "*.acme.com"}}
			s.Assertion = &catalog.Assertion{Algorithm: "RS256", Subject: "{username}", Audience: "https://login.acme.com", Thumb: true, Claims: map[string]string{"team": "{team}"}}
			scopes(s.OAuth)
		}
	case "bearer_own_key":
		return jwtBearer, func(_ *catalog.Connector, s *catalog.Scheme) { s.Fields, s.Assertion.Algorithm = ownKey, "ES256" }
	case "bearer_client": // The key signs for the client as well.
		return jwtBearer, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.OAuth.ClientAuth = "private_key_jwt"
			s.Assertion = &catalog.Assertion{Algorithm: "ES256", Issuer: "acme", Subject: "robot", Scope: true}
			scopes(s.OAuth)
		}
	case "exchange_given":
		return exchange, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Fields = []catalog.Input{input("subjectToken", catalog.TypeSecret, false), input("actorToken", catalog.TypeSecret, true)}
			s.Assertion = nil
		}
	case "exchange_actor":
		return exchange, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Inputs = []catalog.Input{input("audience", catalog.TypeText, true)}
			s.OAuth.Exchange = &catalog.Exchange{Audience: "{audience}", Resource: "https://api.acme.com/", RequestedTokenType: "urn:ietf:params:oauth:token-type:access_token"}
			scopes(s.OAuth)
		}
	case "service_rsa":
		return serviceAccount, func(_ *catalog.Connector, s *catalog.Scheme) { s.Assertion = keyed("RS256") }
	case "service_keyless":
		return serviceAccount, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Fields, s.Assertion = nil, &catalog.Assertion{Algorithm: "ES256", Thumb: true}
			s.Inputs = []catalog.Input{input("serviceAccount", catalog.TypeText, false), input("subject", catalog.TypeText, true), input("keyId", catalog.TypeText, true)}
			scopes(s.OAuth)
		}
	}
	return plainVariant(id)
}

// plainVariant is variant for the types without OAuth 2.0.
func plainVariant(id string) (kind string, change func(*catalog.Connector, *catalog.Scheme)) {
	handoffOf := func(s *catalog.Scheme) {
		s.OAuth1 = &catalog.OAuth1{
			RequestURL: "https://api.acme.com/request", AuthorizeURL: "https://www.acme.com/authorize?v=1", AccessURL: "https://api.acme.com/access",
			SignatureMethod: "HMAC-SHA1", Realm: "Acme",
		}
	}
	switch id {
	case "oauth1_handoff":
		return oauth1, func(_ *catalog.Connector, s *catalog.Scheme) { handoffOf(s); s.Fields = nil }
	case "oauth1_both":
		return oauth1, func(_ *catalog.Connector, s *catalog.Scheme) { handoffOf(s); s.Fields = s.Fields[2:] }
	case "session_header", "session_cookie", "session_text":
		return session, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Login.Request.Headers["Authorization"], s.Login.Token = "Basic {basic}", ""
			switch id {
			case "session_header":
				s.Login.Header, s.Login.ExpiresAt = "X-Session", "until"
				s.Login.Logout = &catalog.Request{Method: "DELETE", URL: "https://api.acme.com/v1/login", Expect: []int{204}}
			case "session_cookie":
				s.Login.Cookie, s.Login.ExpiresIn = "SID", "session.seconds"
			}
		}
	case "none_placed":
		return none, func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Apply = catalog.Placement{Headers: map[string]string{"X-Account": "{account}"}, Values: map[string]string{"account": "{account}"}}
		}
	case "ssh_password":
		return "ssh_key", func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Fields = []catalog.Input{
				input("username", catalog.TypeText, false), input("password", catalog.TypeSecret, true), input("privateKey", catalog.TypeFile, true), input("passphrase", catalog.TypeSecret, true),
			}
			s.Inputs = append(s.Inputs, input("path", catalog.TypeText, true))
			for _, name := range []string{"password", "passphrase", "path", "host", "port"} {
				s.Apply.Values[name] = "{" + name + "}"
			}
		}
	default:
		return "database", func(_ *catalog.Connector, s *catalog.Scheme) {
			s.Inputs = append(s.Inputs, catalog.Input{Name: "tlsMode", Title: "TLS", Type: catalog.TypeEnum, Enum: []string{"verify-full", "require"}, Default: "verify-full", Optional: true})
			for _, name := range []string{"ca", "clientCertificate", "clientKey"} {
				s.Fields, s.Apply.Values[name] = append(s.Fields, input(name, catalog.TypeFile, true)), "{"+name+"}"
			}
			s.Apply.Values["tlsMode"] = "{tlsMode}"
		}
	}
}
