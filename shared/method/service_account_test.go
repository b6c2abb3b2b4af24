package method_test

import (
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

const keyFileID = "0123456789abcdef0123456789abcdef01234567"

// keyFile is a service account's, with some members changed; nil leaves one out.
func keyFile(t *testing.T, changes map[string]any) map[string]secret.Bytes {
	t.Helper()
	members := map[string]any{
		"type": "service_account", "project_id": "p", "private_key_id": keyFileID, "private_key": pkcs8(t, newRSA(t)),
		"client_email": "robot@p.iam.example.com", "client_id": "1", "auth_uri": "https://auth.example.com/auth", "token_uri": tokenEndpoint,
	}
	maps.Copy(members, changes)
	maps.DeleteFunc(members, func(_ string, v any) bool { return v == nil })
	text, err := json.MarshalIndent(members, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]secret.Bytes{"key": secret.New(text)}
}

// serviceTarget is the target of an uploaded key file.
func serviceTarget() method.Target {
	target := methodtest.Target("service_account_key")
	target.Scheme.Assertion, target.Scopes, target.ClientID = nil, []string{"read", "write"}, ""
	target.Scheme.Fields = []catalog.Input{{Name: "key", Type: catalog.TypeFile}}
	return target
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	s.reach.Keys = nil
	target, fields := serviceTarget(), keyFile(t, nil)
	if err := (method.ServiceAccount{}).Check(target, fields); err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"", "ann@example.com"} {
		target.Values = map[string]catalog.Value{"subject": {Type: catalog.TypeText, Text: subject}}
		request, err := method.ServiceAccount{}.Grant(target, fields)
		form := s.send(t, request, err)
		claims := stated(60, map[string]any{"iss": "robot@p.iam.example.com", "aud": tokenEndpoint, "scope": "read write"})
		if subject != "" {
			claims["sub"] = subject
		}
		exactly(t, form.Get("assertion"), newRSA(t).Public(), map[string]any{"alg": "RS256", "typ": "JWT", "kid": keyFileID}, claims)
		form.Del("assertion")
		if diff := cmp.Diff(url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}}, form); diff != "" {
			t.Errorf("form (-want +got):\n%s", diff)
		}
	}
	got := method.ServiceAccount{}.Describe(fields)
	if !strings.HasPrefix(got.PublicKey, "-----BEGIN PUBLIC KEY-----") {
		t.Errorf("public key: got %q", got.PublicKey)
	}
	got.PublicKey = ""
	if diff := cmp.Diff(method.Description{Last4: "4567", User: "robot@p.iam.example.com"}, got); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
}

// Without a file the tenant's key signs, for the account that the inputs name.
func TestServiceAccountWithoutKeyFile(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	target := serviceTarget()
	target.Scheme.Assertion = &catalog.Assertion{Algorithm: "ES256"}
	for _, keyID := range []string{"", "uploaded-key"} {
		target.Values = map[string]catalog.Value{
			"serviceAccount": {Type: catalog.TypeText, Text: "robot@example.com"}, "keyId": {Type: catalog.TypeText, Text: keyID},
		}
		request, err := method.ServiceAccount{}.Grant(target, nil)
		form := s.send(t, request, err)
		kid := keyID
		if kid == "" {
			kid = "key-1"
		}
		exactly(t, form.Get("assertion"), s.key.Public(), map[string]any{"alg": "ES256", "typ": "JWT", "kid": kid},
			stated(60, map[string]any{"iss": "robot@example.com", "aud": tokenEndpoint, "scope": "read write"}))
	}
	if got := (method.ServiceAccount{}).Describe(nil); got != (method.Description{}) {
		t.Errorf("description: got %+v", got)
	}
	if err := (method.ServiceAccount{}).Check(target, nil); err != nil {
		t.Errorf("check: %v", err)
	}
}

func TestWrongKeyFilesAreRefused(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, want string
		changes    map[string]any
	}{
		{"of a person", "service account", map[string]any{"type": "authorized_user-canary"}},
		{"without a type", "service account", map[string]any{"type": nil}},
		{"without an account", "client_email", map[string]any{"client_email": nil}},
		{"account of two lines", "client_email", map[string]any{"client_email": "canary\r\n@x"}},
		{"without a key id", "private_key_id", map[string]any{"private_key_id": nil}},
		{"key id of no text", "private_key_id", map[string]any{"private_key_id": 7}},
		{"without a key", "private_key", map[string]any{"private_key": nil}},
		{"broken key", "PEM", map[string]any{"private_key": "canary"}},
		{"small key", "2048", map[string]any{"private_key": pkcs8(t, small)}},
		{"key for another algorithm", "RSA", map[string]any{"private_key": pkcs8(t, newEC(t, elliptic.P256()))}},
		{"endpoint of someone else", "token_uri", map[string]any{"token_uri": "https://canary.example.com/token"}},
		{"endpoint on another port", "token_uri", map[string]any{"token_uri": "https://auth.example.com:8443/token"}},
		{"endpoint of a user", "token_uri", map[string]any{"token_uri": "https://auth.example.com@canary.example.com/token"}},
		{"without an endpoint", "token_uri", map[string]any{"token_uri": nil}},
		{"too large", "16 KB", map[string]any{"project_id": strings.Repeat("canary", 3000)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wantWrongField(t, method.ServiceAccount{}.Check(serviceTarget(), keyFile(t, tt.changes)), "/credential/key", tt.want)
		})
	}
	for _, text := range []string{"canary", `["canary"]`, `{"type":"service_account","type":"canary"}`, `{"type":"service_account"`} {
		err := method.ServiceAccount{}.Check(serviceTarget(), map[string]secret.Bytes{"key": secret.FromString(text)})
		wantWrongField(t, err, "/credential/key", "service account")
	}
}

// A file that names another endpoint on the right host is used, its endpoint is
// not.
func TestKeyFileNamesNoEndpoint(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	fields := keyFile(t, map[string]any{"token_uri": "https://AUTH.example.com/other"})
	if err := (method.ServiceAccount{}).Check(serviceTarget(), fields); err != nil {
		t.Fatal(err)
	}
	request, err := method.ServiceAccount{}.Grant(serviceTarget(), fields)
	s.send(t, request, err)
	if n := len(s.provider.Requests("/other")); n != 0 {
		t.Errorf("%d requests went where the file said", n)
	}
}

func TestLostKeyFileIsNotReplaced(t *testing.T) {
	t.Parallel()
	_, err := method.ServiceAccount{}.Grant(serviceTarget(), map[string]secret.Bytes{"key": secret.FromString("{}")})
	if !fault.Has(err, fault.CodeCredentialUnavailable) {
		t.Errorf("got %v, want that the tenant's key does not sign instead", err)
	}
}
