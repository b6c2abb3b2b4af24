package walktest_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// certified is a world before an account that knows the tenant's certificate
// under an id, and a template of the entry that brings no client. Oracle takes
// more algorithms than the one of the entry.
func certified(t *testing.T, algorithm string) (*world, *netSuite, template.Template) {
	t.Helper()
	w := entry(t, "netsuite", "netsuite_tba", nil)
	c := w.provider.Connector
	c.ID, c.Schemes = "own-netsuite", slices.Clone(c.Schemes)
	at := slices.IndexFunc(c.Schemes, func(s catalog.Scheme) bool { return s.ID == machine })
	assertion := *c.Schemes[at].Assertion
	assertion.Algorithm, c.Schemes[at].Assertion = algorithm, &assertion
	w.templates.Catalog.Added = []catalog.Connector{c}
	n := &netSuite{algorithm: algorithm, access: map[string]bool{}}
	n.certificates = map[string]crypto.PublicKey{"custcertificate_0001": w.signsWith(t, n, algorithm)}
	made, err := w.templates.Create(t.Context(), ann(), template.Define{
		Connector: c.ID, Name: "NetSuite", Scheme: machine, Scopes: []string{"rest_webservices", "restlets"},
	})
	must(t, err)
	return w, n, made
}

func suiteInputs(certificate string) map[string]string {
	return map[string]string{"accountId": "1234567-sb1", "clientId": suiteClient, "certificateId": certificate}
}

// The certificate is named by the id that NetSuite gave it, the client is the
// connection's own, and the scopes are one claim with commas.
func TestNetSuiteMachineToMachine(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"ES256", "PS256"} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			w, n, made := certified(t, algorithm)
			c, err := w.connects.Create(t.Context(), ann(), connect.New{TemplateID: made.ID, Name: "NetSuite", Inputs: suiteInputs("custcertificate_0001")})
			must(t, err)
			if c.BaseURL != suiteTalk+"/services/rest" || c.Account.ID != "1234567-sb1" {
				t.Errorf("base URL %s, account %+v", c.BaseURL, c.Account)
			}
			if got := c.Credential.ExpiresAt.Sub(c.Credential.PromotedAt); got != time.Hour || c.Credential.SigningKey != "sgk-1" {
				t.Errorf("lifetime %s, signed with %s", got, c.Credential.SigningKey)
			}
			first, err := w.lease(c.ID)
			must(t, err)
			w.advance(time.Hour)
			second, err := w.lease(c.ID)
			must(t, err)
			if second.Credential.AccessToken.Equal(first.Credential.AccessToken) || !n.access[second.Credential.AccessToken.Reveal()] {
				t.Error("no other token of the system")
			}
			w.wantOutcome(t, c.ID, catalog.OK)
			if diff := cmp.Diff([]string{"custcertificate_0001", "custcertificate_0001"}, n.shown); diff != "" || len(n.asked) > 0 {
				t.Errorf("asked %v, certificates (-want +got):\n%s", n.asked, diff)
			}
		})
	}
}

// A certificate that was revoked, ended, or is another's: nothing is kept.
func TestNetSuiteRefusesACertificate(t *testing.T) {
	t.Parallel()
	w, n, made := certified(t, "ES256")
	other, _, _ := certified(t, "ES256")
	n.certificates["custcertificate_0002"] = other.signsWith(t, n, "ES256")
	for name, certificate := range map[string]string{"unknown": "custcertificate_0009", "of another key": "custcertificate_0002"} {
		_, err := w.connects.Create(t.Context(), ann(), connect.New{TemplateID: made.ID, Name: "NetSuite", Inputs: suiteInputs(certificate)})
		if !fault.Has(err, fault.CodeProviderError) {
			t.Errorf("%s: got %v, want %s", name, err, fault.CodeProviderError)
		}
		w.nothing()
	}
}

// The rotation of the entry: another certificate under another id takes over
// when the connection names it and asks for a grant.
func TestNetSuiteChangesTheCertificate(t *testing.T) {
	t.Parallel()
	w, n, made := certified(t, "ES256")
	c, err := w.connects.Create(t.Context(), ann(), connect.New{TemplateID: made.ID, Name: "NetSuite", Inputs: suiteInputs("custcertificate_0001")})
	must(t, err)
	n.certificates["custcertificate_0002"] = w.signsWith(t, n, "ES256")
	w.templates.SigningKeys = tenantKey{ID: "sgk-2", ARN: w.templates.SigningKeys.(tenantKey).ARN}
	_, err = w.connects.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		c.Inputs = suiteInputs("custcertificate_0002")
		return nil
	})
	must(t, err)
	c, err = w.connects.PutCredential(t.Context(), ann(), c.ID, "*", nil)
	if err != nil || c.Credential.SigningKey != "sgk-2" {
		t.Fatalf("signed with %v, %v", c.Credential, err)
	}
	delete(n.certificates, "custcertificate_0001")
	w.advance(time.Hour)
	l, err := w.lease(c.ID)
	if err != nil || !n.access[l.Credential.AccessToken.Reveal()] {
		t.Errorf("lease: %v", err)
	}
}

// suiteTokens are the four values of token-based authentication.
func suiteTokens(mark string) map[string]string {
	return map[string]string{"consumerKey": "ck-" + mark, "consumerSecret": "cs-" + mark, "tokenId": "ti-" + mark, "tokenSecret": "ts-" + mark}
}

// suiteSigned reports whether a request without query and body is signed by RFC
// 5849 with the four values and HMAC-SHA256, for the account as NetSuite shows
// it: in capital letters, with an underscore.
func suiteSigned(r *http.Request, four map[string]string) bool {
	text, isOAuth := strings.CutPrefix(r.Header.Get("Authorization"), `OAuth realm="1234567_SB1", `)
	said := map[string]string{}
	for _, pair := range strings.Split(text, ", ") {
		name, value, _ := strings.Cut(pair, "=")
		decoded, err := url.QueryUnescape(strings.Trim(value, `"`))
		if err != nil {
			return false
		}
		said[name] = decoded
	}
	signature := said["oauth_signature"]
	delete(said, "oauth_signature")
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(said)) {
		pairs = append(pairs, name+"="+url.QueryEscape(said[name]))
	}
	base := r.Method + "&" + url.QueryEscape(r.URL.String()) + "&" + url.QueryEscape(strings.Join(pairs, "&"))
	mac := hmac.New(sha256.New, []byte(four["consumerSecret"]+"&"+four["tokenSecret"]))
	_, _ = mac.Write([]byte(base)) // Never fails.
	return isOAuth && signature == base64.StdEncoding.EncodeToString(mac.Sum(nil)) && said["oauth_signature_method"] == "HMAC-SHA256" &&
		said["oauth_consumer_key"] == four["consumerKey"] && said["oauth_token"] == four["tokenId"]
}

// The realm is written in another way than the host, and the lease has it.
func TestNetSuiteTBA(t *testing.T) {
	t.Parallel()
	w, n, _ := certified(t, "ES256")
	four := suiteTokens("0123456789abcdef")
	n.tba = func(r *http.Request) bool { return suiteSigned(r, four) }
	ask := connect.New{TemplateID: w.made.ID, Name: "NetSuite", Inputs: map[string]string{"accountId": "1234567-sb1"}}
	ask.Credential = concealed(suiteTokens("fedcba9876543210"))
	_, err := w.connects.Create(t.Context(), ann(), ask)
	if !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("wrong tokens: %v", err)
	}
	w.nothing()
	ask.Credential = concealed(four)
	c, err := w.connects.Create(t.Context(), ann(), ask)
	must(t, err)
	l, err := w.lease(c.ID)
	must(t, err)
	want := map[string]string{
		"consumerKey": four["consumerKey"], "consumerSecret": four["consumerSecret"], "token": four["tokenId"], "tokenSecret": four["tokenSecret"],
		"signatureMethod": "HMAC-SHA256", "realm": "1234567_SB1",
	}
	if diff := cmp.Diff(want, revealed(l.Credential.Values)); diff != "" || c.BaseURL != suiteTalk+"/services/rest" {
		t.Errorf("base URL %s, values (-want +got):\n%s", c.BaseURL, diff)
	}
	for _, account := range []string{"1234567_SB1", "1234567-SB1", "1234567.evil", "1234567-sb1-x", ""} {
		ask.Inputs = map[string]string{"accountId": account}
		if _, err := w.connects.Create(t.Context(), ann(), ask); !fault.Has(err, fault.CodeValidationFailed) {
			t.Errorf("account %q: got %v", account, err)
		}
	}
	if len(n.asked) > 0 {
		t.Errorf("asked %v", n.asked)
	}
}
