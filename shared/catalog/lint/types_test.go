package lint_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog/lint"
	"github.com/tenonhq/tenon/shared/catalog/scaffold"
	"github.com/tenonhq/tenon/shared/method"
)

// entry is the scaffold of a type with its blanks filled in.
func entry(t *testing.T, kind string) string {
	t.Helper()
	text, err := scaffold.New("acme", kind, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(lint.Blank, "", lint.BlankHost, "api.acme.com").Replace(string(text))
}

const (
	oauth1Handoff = `"oauth1": {"requestUrl": "https://api.acme.com/request", "authorizeUrl": "https://www.acme.com/authorize", "accessUrl": "https://api.acme.com/access", `
	exchangeGiven = `"fields": [{"name": "subjectToken", "title": "Token", "type": "secret"}]`
	jwtAssertion  = `"assertion": {"algorithm": "RS256", "issuer": "{clientId}", "subject": "{clientId}", "audience": "https://api.acme.com/oauth/token"}`
)

// What a scheme of a type is changed into, and the sentence that is said of it;
// nothing where it may be so.
func TestRulesOfTypes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, kind, old, new, want string }{
		{"a handoff", "oauth1", `"oauth1": {`, oauth1Handoff, ""},
		{"a signature method of no one", "oauth1", "HMAC-SHA256", "PLAINTEXT", "/schemes/0/oauth1/signatureMethod must be one of"},
		{"a handoff without an end", "oauth1", `"oauth1": {`, strings.Replace(oauth1Handoff, `"accessUrl": "https://api.acme.com/access", `, "", 1), "/schemes/0/oauth1"},
		{"oauth1 without a description", "oauth1", `"oauth1": {`, `"oauth_": {`, "/schemes/0 "},
		{"a temporary token on a far host", "oauth1", `"oauth1": {`, strings.Replace(oauth1Handoff, "api.acme.com/request", "api.example.org/request", 1), "/schemes/0/oauth1/requestUrl leads to a host"},
		{"a token on a far host", "oauth1", `"oauth1": {`, strings.Replace(oauth1Handoff, "api.acme.com/access", "api.example.org/access", 1), "/schemes/0/oauth1/accessUrl leads to a host"},
		{"a realm of an undeclared value", "oauth1", `"HMAC-SHA256"`, `"HMAC-SHA256", "realm": "{account}"`, "/schemes/0/oauth1/realm names {account}"},
		{"a realm of a secret", "oauth1", `"HMAC-SHA256"`, `"HMAC-SHA256", "realm": "{token}"`, "/schemes/0/oauth1/realm names {token}"},
		{"no way to a token", "oauth1", `"name": "token"`, `"name": "tokn"`, "/schemes/0/fields needs the fields token and tokenSecret"},
		{"a key without its secret", "oauth1", `"name": "consumerSecret"`, `"name": "secret"`, "/schemes/0/fields has one of consumerKey and consumerSecret"},
		{"a token without its secret", "oauth1", `"name": "tokenSecret"`, `"name": "secret"`, "/schemes/0/fields has one of token and tokenSecret"},
		{"NetSuite without an account", "netsuite_tba", `"accountId"`, `"account"`, "/schemes/0/inputs needs an input of the name accountId"},
		{"NetSuite's word for the token", "netsuite_tba", `"tokenId"`, `"token"`, "/schemes/0/fields needs a field of the name tokenId"},

		{"a session without a login", "session_token", `"login": {`, `"logon": {`, "/schemes/0 "},
		{"a login elsewhere", "api_key", `"rotation": [`, `"login": {"request": {"method": "GET", "url": "https://api.acme.com/"}}, "rotation": [`, "/schemes/0"},
		{"a session that is not applied", "session_token", `"apply": {"headers": {"Authorization": "Bearer {accessToken}"}},`, ``, "/schemes/0 needs the member apply"},
		{"a session applied nowhere", "session_token", `Bearer {accessToken}`, `Bearer x`, "/schemes/0/apply puts {accessToken} nowhere"},
		{"a password on every later call", "session_token", `Bearer {accessToken}`, `Bearer {accessToken}{password}`, "/schemes/0/apply names {password}"},
		{"a password beside every session", "session_token", `"apply": {`, `"apply": {"values": {"password": "{password}"}, `, "/schemes/0/apply/values names {password}"},
		{"a login on a far host", "session_token", `api.acme.com/v1/login`, `example.org/login`, "/schemes/0/login/request/url leads to a host"},
		{"a login that shows its secret", "session_token", `api.acme.com/v1/login`, `api.acme.com/v1/login?p={password}`, "/schemes/0/login/request/url names {password}"},
		{"a login of an undeclared field", "session_token", `{password}`, `{pasword}`, "/schemes/0/login/request/body names {pasword}"},
		{"a header of an undeclared field", "session_token", `"Content-Type"`, `"X-User": "{user}", "Content-Type"`, "/schemes/0/login/request/headers names {user}"},
		{"a login with a pair", "session_token", `"Content-Type"`, `"Authorization": "Basic {basic}", "Content-Type"`, ""},
		{"a login that is no JSON", "session_token", `\"password\":\"{password}\"`, `password={password}`, "/schemes/0/login/request/body is not JSON"},
		{"a token in two places", "session_token", `"token": "token"`, `"token": "token", "header": "X-Session"`, "/schemes/0/login finds the token in several places"},
		{"a logout on a far host", "session_token", `"seconds": 3600`, `"logout": {"method": "POST", "url": "https://example.org/logout"}`, "/schemes/0/login/logout/url leads to a host"},
		{"fields where nothing is needed", "none", `"inputs": [`, exchangeGiven + `, "inputs": [`, "/schemes/0/fields"},

		{"a device without its endpoint", "oauth2_device_code", `"deviceUrl": "https://api.acme.com/oauth/device",`, ``, "/schemes/0/oauth/deviceUrl is missing"},
		{"a device on a far host", "oauth2_device_code", `api.acme.com/oauth/device`, `example.org/device`, "/schemes/0/oauth/deviceUrl leads to a host"},
		{"a device's endpoint elsewhere", "oauth2_client_credentials", `"tokenUrl"`, `"deviceUrl": "https://api.acme.com/device", "tokenUrl"`, "/schemes/0/oauth/deviceUrl has no place here"},
		{"a device's page elsewhere", "oauth2_client_credentials", `"tokenUrl"`, `"deviceHost": "www.acme.com", "tokenUrl"`, "/schemes/0/oauth/deviceHost has no place here"},
		{"a device's page", "oauth2_device_code", `"tokenUrl"`, `"deviceHost": "www.acme.com", "tokenUrl"`, ""},
		{"a device's page everywhere", "oauth2_device_code", `"tokenUrl"`, `"deviceHost": "*.com", "tokenUrl"`, "/schemes/0/oauth/deviceHost is no host name."},

		{"an assertion for nobody", "oauth2_jwt_bearer", `"subject": "{clientId}", `, ``, "/schemes/0/assertion/subject is missing"},
		{"an assertion of a secret", "service_account_key", `{"algorithm": "RS256"}`, `{"algorithm": "RS256", "issuer": "{key}"}`, "/schemes/0/assertion names {key}"},
		{"an assertion of the key file", "service_account_key", `{"algorithm": "RS256"}`, `{"algorithm": "RS256", "keyId": "{keyId}", "issuer": "{serviceAccount}"}`, ""},
		{"an assertion that nobody shows", "oauth2_client_credentials", `"apply"`, jwtAssertion + `, "apply"`, "/schemes/0/assertion is shown by nobody"},
		{"a client that signs nothing", "oauth2_client_credentials", `client_secret_basic`, `private_key_jwt`, "/schemes/0 needs the member assertion"},
		{"an exchange of nothing", "oauth2_token_exchange", jwtAssertion, `"fields": [{"name": "other", "title": "Other", "type": "secret"}]`, "/schemes/0 needs the member assertion"},
		{"an exchange of a given token", "oauth2_token_exchange", jwtAssertion, exchangeGiven, ""},
		{"an exchange for an undeclared value", "oauth2_token_exchange", `"tokenUrl"`, `"exchange": {"audience": "{org}"}, "tokenUrl"`, "/schemes/0/oauth/exchange names {org}"},
		{"an account of no name", "service_account_key", `"name": "key"`, `"name": "file"`, "/schemes/0/assertion/issuer is missing"},
		{"a field beside a token", "oauth2_client_credentials", `"apply": {`, `"apply": {"values": {"org": "{org}"}, `, "/schemes/0/apply/values names {org}"},

		{"an unplaced key", "client_certificate", `"privateKey": "{privateKey}"`, `"privateKey": "x"`, "/schemes/0/apply puts {privateKey} nowhere"},
		{"a user of another name", "basic", `"name": "username"`, `"name": "user"`, "/schemes/0/fields needs a field of the name username"},
		{"a role without a region", "aws_assume_role", `"name": "region"`, `"name": "place"`, "/schemes/0/inputs needs an input of the name region"},
		{"a role of no name", "aws_assume_role", `"name": "roleArn"`, `"name": "role"`, "/schemes/0/inputs needs an input of the name roleArn"},
		{"an AWS key in a header", "aws_access_key", `"fields": [`, `"apply": {"headers": {"X-Key": "{secretAccessKey}"}}, "fields": [`, "/schemes/0/apply names {secretAccessKey}"},
		{"an AWS key of another name", "aws_access_key", `"name": "secretAccessKey"`, `"name": "secret"`, "/schemes/0/fields needs a field of the name secretAccessKey"},
		{"a value of AWS", "aws_access_key", `"fields": [`, `"apply": {"values": {"key": "{accessKeyId}"}}, "fields": [`, ""},

		{"a host key nobody confirms", "ssh_key", `"name": "hostKey"`, `"name": "fingerprint"`, "/schemes/0/inputs needs an input of the name hostKey"},
		{"a host key to be known", "ssh_key", `"optional": true`, `"optional": false`, "/schemes/0/inputs has a hostKey that is required"},
		{"a host key no runtime has", "ssh_key", `, "hostKey": "{hostKey}"`, ``, "/schemes/0/apply/values needs {hostKey}"},
		{"a login's word", "ssh_key", `"name": "privateKey"`, `"name": "key"`, "/schemes/0/fields has a field that no login knows"},
		{"a login under another name", "database", `"password": "{password}"`, `"secret": "{password}"`, "/schemes/0/apply/values needs {password}"},
		{"a database under another name", "database", `"database": "{database}"`, `"database": "{host}"`, "/schemes/0/apply/values has another value under the name database"},
		{"a value of no one", "database", `"database": "{database}"`, `"database": "{database}", "schema": "{schema}"`, "/schemes/0/apply/values names {schema}"},
		{"a value beside", "database", `"database": "{database}"`, `"database": "{database}", "host": "{host}", "port": "{port}"`, ""},
	} {
		before := entry(t, tt.kind)
		after := strings.Replace(before, tt.old, tt.new, 1)
		if after == before {
			t.Errorf("%s: nothing to replace", tt.name)
			continue
		}
		got := lint.Check([]byte(after))
		if tt.want == "" && len(got) > 0 {
			t.Errorf("%s: lint says %q", tt.name, got)
		} else if tt.want != "" {
			requireComplaint(t, tt.name, got, tt.want)
		}
	}
}

// The words that a login's fields may have are those that package method reads.
func TestWordsOfLogins(t *testing.T) {
	t.Parallel()
	known := []string{
		method.ValueUser, method.ValuePassword, method.ValuePrivateKey, method.ValuePassphrase, method.ValueAuthority, method.ValueClientCertificate, method.ValueClientKey,
	}
	said := ""
	for _, kind := range []string{"ssh_key", "database"} {
		said += strings.Join(lint.Check([]byte(strings.Replace(entry(t, kind), `"name": "username"`, `"name": "other"`, 1))), "\n")
	}
	for _, sentence := range strings.Split(said, "\n") {
		_, words, ok := strings.Cut(sentence, "those of this type are: ")
		for _, word := range strings.Split(strings.TrimSuffix(words, "."), ", ") {
			if ok && !slices.Contains(known, word) {
				t.Errorf("%q is no word of a login", word)
			}
		}
	}
	for _, word := range known {
		if !strings.Contains(said, word) {
			t.Errorf("%q is a word that no entry may use", word)
		}
	}
}
