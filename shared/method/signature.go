package method

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 5849 3.4.2 names it; as a MAC it is not broken.
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// The signature methods of OAuth 1.0: that of RFC 5849 3.4.2, and the same with
// SHA-256.
const (
	hmacSHA1   = "HMAC-SHA1"
	hmacSHA256 = "HMAC-SHA256"
)

// The names under which a lease hands out what signs.
const (
	valueConsumerKey     = "consumerKey"
	valueConsumerSecret  = "consumerSecret"
	valueToken           = "token"
	valueTokenSecret     = "tokenSecret"
	valueSignatureMethod = "signatureMethod"
	valueRealm           = "realm"
)

// signature is what signs a request of OAuth 1.0 (RFC 5849 3).
type signature struct {
	Method         string
	Realm          string // Empty for none; it is no part of what is signed.
	ConsumerKey    secret.Bytes
	ConsumerSecret secret.Bytes
	Token          secret.Bytes // Zero in a request for temporary credentials.
	TokenSecret    secret.Bytes
}

// signatureOf reads what values wrote.
func signatureOf(l vault.Leasable) signature {
	v := l.Values
	return signature{
		v[valueSignatureMethod].Reveal(), v[valueRealm].Reveal(),
		v[valueConsumerKey], v[valueConsumerSecret], v[valueToken], v[valueTokenSecret],
	}
}

// values returns the signature as a lease hands it out.
func (s signature) values() map[string]secret.Bytes {
	out := map[string]secret.Bytes{
		valueSignatureMethod: secret.FromString(s.Method), valueConsumerKey: s.ConsumerKey, valueConsumerSecret: s.ConsumerSecret,
		valueToken: s.Token, valueTokenSecret: s.TokenSecret,
	}
	if s.Realm != "" {
		out[valueRealm] = secret.FromString(s.Realm)
	}
	return out
}

// sign puts the protocol parameters into the Authorization header (RFC 5849
// 3.5.1), and further ones beside them.
func (s signature) sign(r *http.Request, body []byte, reach Reach, further map[string]string) error {
	nonce, err := reach.nonce()
	if err != nil {
		return err
	}
	protocol := map[string]string{
		"oauth_consumer_key": s.ConsumerKey.Reveal(), "oauth_signature_method": s.Method, "oauth_version": "1.0",
		"oauth_timestamp": strconv.FormatInt(reach.now().Unix(), 10), "oauth_nonce": nonce,
	}
	if !s.Token.IsZero() {
		protocol["oauth_token"] = s.Token.Reveal()
	}
	maps.Copy(protocol, further)
	header, err := s.authorization(r, body, protocol)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", header)
	return nil
}

// authorization returns the header field with the protocol parameters and their
// signature.
func (s signature) authorization(r *http.Request, body []byte, protocol map[string]string) (string, error) {
	base, err := baseString(r, body, protocol)
	if err != nil {
		return "", err
	}
	var digest func() hash.Hash
	switch s.Method {
	case hmacSHA1:
		digest = sha1.New
	case hmacSHA256:
		digest = sha256.New
	default:
		return "", fmt.Errorf("sign request: signature method %q is not supported", s.Method)
	}
	mac := hmac.New(digest, []byte(percentEncode(s.ConsumerSecret.Reveal())+"&"+percentEncode(s.TokenSecret.Reveal())))
	_, _ = mac.Write([]byte(base)) // Never fails.
	parameters := []string{}
	if s.Realm != "" {
		parameters = append(parameters, `realm="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s.Realm)+`"`)
	}
	for _, name := range slices.Sorted(maps.Keys(protocol)) {
		parameters = append(parameters, percentEncode(name)+`="`+percentEncode(protocol[name])+`"`)
	}
	parameters = append(parameters, `oauth_signature="`+percentEncode(base64.StdEncoding.EncodeToString(mac.Sum(nil)))+`"`)
	return "OAuth " + strings.Join(parameters, ", "), nil
}

// baseString is what is signed (RFC 5849 3.4.1.1). A body counts only where it is
// a form; a parameter that stands twice counts twice.
func baseString(r *http.Request, body []byte, protocol map[string]string) (string, error) {
	sources := []string{r.URL.RawQuery}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && media == "application/x-www-form-urlencoded" {
		sources = append(sources, string(body))
	}
	var pairs [][2]string
	for _, source := range sources {
		values, err := url.ParseQuery(source)
		if err != nil {
			return "", fmt.Errorf("sign request: the parameters of %s cannot be read", r.URL.Host)
		}
		for name, list := range values {
			for _, value := range list {
				pairs = append(pairs, [2]string{percentEncode(name), percentEncode(value)})
			}
		}
	}
	for name, value := range protocol {
		pairs = append(pairs, [2]string{percentEncode(name), percentEncode(value)})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	normalized := make([]string, len(pairs))
	for i, pair := range pairs {
		normalized[i] = pair[0] + "=" + pair[1]
	}
	return strings.ToUpper(r.Method) + "&" + percentEncode(baseURI(r.URL)) + "&" + percentEncode(strings.Join(normalized, "&")), nil
}

// baseURI is the URL as RFC 5849 3.4.1.2 writes it: without query and without
// the default port of the scheme, and with the path that is sent.
func baseURI(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return scheme + "://" + host + path
}

// percentEncode is that of RFC 5849 3.6: all but the unreserved characters.
func percentEncode(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
