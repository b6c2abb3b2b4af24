package method_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// soapTarget is a connection to a SOAP service of the catalog.
func soapTarget(t *testing.T, schemeID string) method.Target {
	t.Helper()
	c, err := catalog.Catalog{}.Load("custom-soap")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.Scheme(schemeID)
	return method.Target{Connector: c, Scheme: s, Values: catalog.Values(c.InputsFor(s), map[string]string{
		"baseUrl": "https://erp.example.com/orders", "verifyOperation": "GetVersion", "verifyNamespace": "urn:orders", "soapAction": "urn:orders#GetVersion",
	})}
}

// answered makes a doer of one answer that keeps the request's body.
func answered(status int, answer string, body *string) doer {
	return func(r *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(r.Body)
		*body = string(b)
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer))}, err
	}
}

// The token stands in the header of the message, and a password cannot leave its
// element.
func TestUsernameToken(t *testing.T) {
	t.Parallel()
	password := `p"<&]]></wsse:Password>`
	for _, id := range []string{"wss_username_token", "wss_username_token_soap12"} {
		target, body := soapTarget(t, id), ""
		l, err := method.Basic{}.Apply(target, map[string]secret.Bytes{"username": secret.FromString("ann"), "password": secret.FromString(password)}, method.Token{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := method.Verify(t.Context(), method.Reach{HTTP: answered(200, "<x/>", &body)}, target, l)
		if err != nil || p.Outcome != catalog.OK {
			t.Fatalf("%s: %s, %v", id, p.Outcome, err)
		}
		var sent struct {
			User     string `xml:"Header>Security>UsernameToken>Username"`
			Password string `xml:"Header>Security>UsernameToken>Password"`
			Body     struct {
				Operation struct{ XMLName xml.Name } `xml:",any"`
			} `xml:"Body"`
		}
		if err := xml.Unmarshal([]byte(body), &sent); err != nil || sent.User != "ann" || sent.Password != password || sent.Body.Operation.XMLName.Local != "GetVersion" {
			t.Errorf("%s: sent %s: %+v, %v", id, body, sent, err)
		}
		if header := l.Values["securityHeader"].Reveal(); !strings.Contains(body, header) || len(l.Headers) > 0 {
			t.Errorf("%s: leased %s", id, header)
		}
		if got := (method.Basic{}).Describe(map[string]secret.Bytes{"username": secret.FromString("ann"), "password": secret.FromString(password)}); got.User != "ann" || got.Last4 != "" {
			t.Errorf("described as %+v", got)
		}
	}
}

// A fault comes with 500 and need not be an outage; an answer that is no XML, or
// too deep or too long for any parser, is judged as any other.
func TestSOAPFaults(t *testing.T) {
	t.Parallel()
	fault := func(code string) string {
		return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>` + code + `</faultcode></s:Fault></s:Body></s:Envelope>`
	}
	for _, tt := range []struct {
		name   string
		status int
		answer string
		want   catalog.Outcome
	}{
		{"a wrong password", 500, fault("wsse:FailedAuthentication"), catalog.AuthError},
		{"a header that is not taken", 500, fault("ns0:InvalidSecurityToken"), catalog.AuthError},
		{"trouble of the service", 500, fault("s:Server"), catalog.ProviderError},
		{"a fault with 200", 200, fault("s:Client"), catalog.ProviderError},
		{"a name in a success", 200, "<x>FailedAuthentication</x>", catalog.OK},
		{"a refusal of HTTP", 401, "", catalog.AuthError},
		{"no XML", 500, "<<<&\x00", catalog.ProviderError},
		{"entities without end", 500, `<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>`, catalog.ProviderError},
		{"depth", 500, strings.Repeat("<a>", 200_000), catalog.ProviderError},
		{"beyond the limit", 500, strings.Repeat(" ", 4<<20) + "FailedAuthentication", catalog.ProviderError},
	} {
		var body string
		p, err := method.Verify(t.Context(), method.Reach{HTTP: answered(tt.status, tt.answer, &body)}, soapTarget(t, "basic"), vault.Leasable{})
		if err != nil || p.Outcome != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.name, p.Outcome, err, tt.want)
		}
	}
}

// A list of permissions is taken for what it can be, and no more than a record
// can hold.
func TestScopesOfAnAnswer(t *testing.T) {
	t.Parallel()
	c, err := catalog.Catalog{}.Load("sendgrid")
	if err != nil {
		t.Fatal(err)
	}
	target := method.Target{Connector: c, Scheme: c.Schemes[0], Values: catalog.Values(c.Inputs, map[string]string{"region": "api.sendgrid.com"})}
	for _, tt := range []struct {
		status int
		answer string
		want   []string
	}{
		{200, `{"scopes":["mail.send","alerts.read","mail.send"]}`, []string{"mail.send", "alerts.read"}},
		{200, `{"scopes":[]}`, []string{}},
		{200, `{"scopes":["a b","\u0000","é",7,null,["x"],"ok","` + strings.Repeat("x", 200) + `"]}`, []string{"ok"}},
		{200, `{"scopes":"mail.send"}`, nil},
		{200, `{}`, nil},
		{403, `{"scopes":["mail.send"]}`, nil},
	} {
		var body string
		p, err := method.Verify(t.Context(), method.Reach{HTTP: answered(tt.status, tt.answer, &body)}, target, vault.Leasable{})
		if diff := cmp.Diff(tt.want, p.Scopes); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", tt.answer, err, diff)
		}
	}
	var many []string
	for i := range 600 {
		many = append(many, strconv.Quote("s"+strconv.Itoa(i)))
	}
	var body string
	p, err := method.Verify(t.Context(), method.Reach{HTTP: answered(200, `{"scopes":[`+strings.Join(many, ",")+`]}`, &body)}, target, vault.Leasable{})
	if err != nil || len(p.Scopes) != 500 {
		t.Errorf("%d scopes, %v", len(p.Scopes), err)
	}
}
