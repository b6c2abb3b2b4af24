package method_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dghubble/oauth1"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

func unsigned(t interface{ Fatal(...any) }, verb, address, form string) *http.Request {
	r, err := http.NewRequest(verb, address, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// RFC 5849 3.4.1.1: duplicate names, empty values, a form beside the query.
func TestBaseStringOfRFC5849(t *testing.T) {
	t.Parallel()
	const form = "c2&a3=2+q"
	r := unsigned(t, "post", "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", form)
	got, err := method.BaseString(r, []byte(form), map[string]string{
		"oauth_consumer_key": "9djdj82h48djs9d2", "oauth_token": "kkk9d7dh3k39sjv7", "oauth_signature_method": "HMAC-SHA1",
		"oauth_timestamp": "137131201", "oauth_nonce": "7d8f3e4a",
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26" +
		"oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26" +
		"oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("base string (-want +got):\n%s", diff)
	}
}

// RFC 5849 3.4.1.2, and what a default port is.
func TestBaseStringURI(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://EXAMPLE.COM:80/r%20v/X?id=123": "http://example.com/r%20v/X",
		"https://www.example.net:8080/?q=1":    "https://www.example.net:8080/",
		"https://example.com:443/a":            "https://example.com/a",
		"https://example.com:80/a":             "https://example.com:80/a",
		"http://example.com:443/a":             "http://example.com:443/a",
		"https://example.com":                  "https://example.com/",
		"https://example.com/a%2Fb/c":          "https://example.com/a%2Fb/c",
	} {
		got, err := method.BaseString(unsigned(t, "GET", address, ""), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if parts := strings.Split(got, "&"); parts[1] != url.QueryEscape(want) {
			t.Errorf("%s: got %s, want %s", address, parts[1], url.QueryEscape(want))
		}
	}
}

// The bodies of JSON requests are no parameters (RFC 5849 3.4.1.3.1), and what
// cannot be read is not signed.
func TestBaseStringOfOtherBodies(t *testing.T) {
	t.Parallel()
	r := unsigned(t, "POST", "https://example.com/q?limit=1", "")
	without, err := method.BaseString(r, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	with, err := method.BaseString(r, []byte(`{"q":"SELECT 1"}`), nil)
	if err != nil || with != without {
		t.Errorf("a JSON body changed the base string to %s, %v", with, err)
	}
	if _, err := method.BaseString(unsigned(t, "GET", "https://example.com/?a=%zz", ""), nil, nil); err == nil {
		t.Error("a query that cannot be read was signed")
	}
}

// The examples with signatures: RFC 5849 1.2, and Oracle's "The Signature for Web
// Services and RESTlets" with "The Authorization Headers" (NetSuite online help,
// section_1534941088 and section_1534941295).
//
// Proves oauth1, netsuite_tba: the examples of RFC 5849 and of Oracle.
func TestSignatureExamples(t *testing.T) {
	t.Parallel()
	const (
		netsuiteConsumer = "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"
		netsuiteToken    = "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295"
	)
	netsuite := map[string]string{
		"oauth_consumer_key": "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4", "oauth_signature_method": "HMAC-SHA256",
		"oauth_token": "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc", "oauth_nonce": "fjaLirsIcCGVZWzBX0pg",
		"oauth_timestamp": "1508242306", "oauth_version": "1.0",
	}
	photos := func(more ...string) map[string]string {
		out := map[string]string{"oauth_consumer_key": "dpf43f3p2l4k3l03", "oauth_signature_method": "HMAC-SHA1"}
		for i := 0; i < len(more); i += 2 {
			out["oauth_"+more[i]] = more[i+1]
		}
		return out
	}
	for name, test := range map[string]struct {
		verb, address, consumer, token, want string
		protocol                             map[string]string
	}{
		"RFC 5849 temporary credentials": {
			"POST", "https://photos.example.net/initiate", "kd94hf93k423kf44", "", "74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D",
			photos("timestamp", "137131200", "nonce", "wIjqoS", "callback", "http://printer.example.com/ready"),
		},
		"RFC 5849 token credentials": {
			"POST", "https://photos.example.net/token", "kd94hf93k423kf44", "hdhd0244k9j7ao03", "gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D",
			photos("token", "hh5s93j4hdidpola", "timestamp", "137131201", "nonce", "walatlh", "verifier", "hfdp7dh39dks9884"),
		},
		"RFC 5849 resource": {
			"GET", "http://photos.example.net/photos?file=vacation.jpg&size=original", "kd94hf93k423kf44", "pfkkdhi9sl3r4s00", "MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D",
			photos("token", "nnch734d00sl2jdk", "timestamp", "137131202", "nonce", "chapoH"),
		},
		"NetSuite RESTlet": {
			"POST", "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue",
			netsuiteConsumer, netsuiteToken, "%2BKK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ%3D", netsuite,
		},
		"NetSuite REST web services": {
			"GET", "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40",
			netsuiteConsumer, netsuiteToken, "B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D", netsuite,
		},
	} {
		got, err := method.SignedHeader(unsigned(t, test.verb, test.address, ""), nil, test.protocol["oauth_signature_method"], "Photos", test.consumer, test.token, test.protocol)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got, `OAuth realm="Photos", `) || !strings.HasSuffix(got, `, oauth_signature="`+test.want+`"`) {
			t.Errorf("%s: got %s, want the signature %s", name, got, test.want)
		}
	}
}

// A realm cannot end its quotes (RFC 9110 5.6.4), and no other method signs.
func TestAuthorizationHeader(t *testing.T) {
	t.Parallel()
	got, err := method.SignedHeader(unsigned(t, "GET", "https://example.com/", ""), nil, "HMAC-SHA256", `a" x="\`, "c", "t", nil)
	if err != nil || !strings.HasPrefix(got, `OAuth realm="a\" x=\"\\", oauth_signature="`) {
		t.Errorf("got %s, %v", got, err)
	}
	for _, name := range []string{"", "PLAINTEXT", "RSA-SHA1", "hmac-sha1"} {
		if _, err := method.SignedHeader(unsigned(t, "GET", "https://example.com/", ""), nil, name, "", "c", "t", nil); err == nil {
			t.Errorf("%q signed", name)
		}
	}
}

// secondOpinion lets github.com/dghubble/oauth1 sign the request and returns the
// header it makes.
func secondOpinion(t *rapid.T, r *http.Request, body, signatureMethod, consumerKey, consumerSecret, token, tokenSecret string) string {
	config := &oauth1.Config{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret, Noncer: fixed("fixed-nonce")}
	if signatureMethod == "HMAC-SHA256" {
		config.Signer = &oauth1.HMAC256Signer{ConsumerSecret: consumerSecret}
	}
	var header string
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		header = r.Header.Get("Authorization")
		return &http.Response{StatusCode: 200, Body: http.NoBody, Request: r}, nil
	})
	client := config.Client(oauth1.NoContext, oauth1.NewToken(token, tokenSecret))
	client.Transport.(*oauth1.Transport).Base = transport
	if body != "" {
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return header
}

type fixed string

func (f fixed) Nonce() string { return string(f) }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Whatever stands in the parameters, the secrets and the path, another
// implementation makes the same header. It drops names that stand twice and
// knows no default port by scheme; those are in the tables above.
//
// Proves oauth1, netsuite_tba: dghubble/oauth1, with random requests.
func TestSignatureAgreesWithAnother(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ +~%&=*'()!/@"é€𝄞-]{0,8}`))
	rapid.Check(t, func(t *rapid.T) {
		values := func(label string) string {
			v := url.Values{}
			for name, value := range rapid.MapOfN(word, word, 0, 5).Draw(t, label) {
				v.Set(label+name, value)
			}
			return v.Encode()
		}
		host := rapid.SampledFrom([]string{"example.com", "EXAMPLE.com", "api.example.com:8443", "Api.Example.Com:8080"}).Draw(t, "host")
		path := url.URL{Path: "/" + word.Draw(t, "path")}
		address := fmt.Sprintf("https://%s%s?%s", host, path.EscapedPath(), values("q"))
		form, verb := "", rapid.SampledFrom([]string{"GET", "POST", "PATCH"}).Draw(t, "verb")
		if verb != "GET" {
			form = values("f")
		}
		name := rapid.SampledFrom([]string{"HMAC-SHA1", "HMAC-SHA256"}).Draw(t, "signature method")
		key, consumer, token, shared := "k"+word.Draw(t, "key"), word.Draw(t, "consumer"), "t"+word.Draw(t, "token"), word.Draw(t, "shared")

		theirs := secondOpinion(t, unsigned(t, verb, address, form), form, name, key, consumer, token, shared)
		_, rest, _ := strings.Cut(theirs, `oauth_timestamp="`)
		timestamp, _, _ := strings.Cut(rest, `"`)
		ours, err := method.SignedHeader(unsigned(t, verb, address, form), []byte(form), name, "", consumer, shared, map[string]string{
			"oauth_consumer_key": key, "oauth_token": token, "oauth_signature_method": name, "oauth_version": "1.0",
			"oauth_nonce": "fixed-nonce", "oauth_timestamp": timestamp,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := parameters(ours), parameters(theirs); !cmp.Equal(got, want) {
			t.Errorf("%s %s: %s", verb, address, cmp.Diff(want, got))
		}
	})
}

// parameters reads an Authorization header of the scheme OAuth.
func parameters(header string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(strings.TrimPrefix(header, "OAuth "), ", ") {
		name, value, _ := strings.Cut(pair, "=")
		value, _ = url.PathUnescape(strings.Trim(value, `"`))
		out[name] = value
	}
	return out
}

// A nonce is drawn and the clock is read for every request.
func TestSignDrawsANonce(t *testing.T) {
	t.Parallel()
	l := vault.Leasable{Values: given("consumerKey", "ck", "consumerSecret", "cs", "token", "tk", "tokenSecret", "ts", "signatureMethod", "HMAC-SHA256", "realm", "Acme")}
	now := time.Unix(1_700_000_000, 0)
	reach := method.Reach{Now: func() time.Time { return now }}
	seen := map[string]bool{}
	for range 3 {
		r := unsigned(t, "GET", "https://example.com/", "")
		if err := (method.OAuth1{}).Sign(r, nil, method.Target{}, l, reach); err != nil {
			t.Fatal(err)
		}
		got := parameters(r.Header.Get("Authorization"))
		if got["oauth_timestamp"] != "1700000000" || got["realm"] != "Acme" || len(got["oauth_nonce"]) != 32 || seen[got["oauth_nonce"]] {
			t.Errorf("signed with %v", got)
		}
		seen[got["oauth_nonce"]] = true
	}
	reach.Random = strings.NewReader("short")
	if err := (method.OAuth1{}).Sign(unsigned(t, "GET", "https://example.com/", ""), nil, method.Target{}, l, reach); err == nil {
		t.Error("signed without randomness")
	}
}
