// Package oauth1 signs requests by OAuth 1.0 (RFC 5849 3). It depends on package
// secret.
package oauth1

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 5849 3.4.2 names it; as a MAC it is not broken.
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/secret"
)

// The signature methods: that of RFC 5849 3.4.2, and the same with SHA-256.
const (
	HMACSHA1   = "HMAC-SHA1"
	HMACSHA256 = "HMAC-SHA256"
)

// Signature is what signs a request.
type Signature struct {
	Method         string
	Realm          string // Empty for none; it is no part of what is signed.
	ConsumerKey    secret.Bytes
	ConsumerSecret secret.Bytes
	Token          secret.Bytes // Zero in a request for temporary credentials.
	TokenSecret    secret.Bytes
}

// Request is what is signed of a request.
type Request struct {
	Verb        string
	URL         *url.URL
	ContentType string
	Body        []byte // It counts only where it is a form.
}

// IsForm reports whether a body of this content type is signed.
func IsForm(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/x-www-form-urlencoded"
}

// Protocol returns the protocol parameters (RFC 5849 3.1) of a request that is
// made now; the nonce must be one that was never used.
func (s Signature) Protocol(nonce string, now time.Time) map[string]string {
	protocol := map[string]string{
		"oauth_consumer_key": s.ConsumerKey.Reveal(), "oauth_signature_method": s.Method, "oauth_version": "1.0",
		"oauth_timestamp": strconv.FormatInt(now.Unix(), 10), "oauth_nonce": nonce,
	}
	if !s.Token.IsZero() {
		protocol["oauth_token"] = s.Token.Reveal()
	}
	return protocol
}

// Authorization returns the header field with the protocol parameters and their
// signature (RFC 5849 3.5.1).
func (s Signature) Authorization(r Request, protocol map[string]string) (string, error) {
	base, err := BaseString(r, protocol)
	if err != nil {
		return "", err
	}
	var digest func() hash.Hash
	switch s.Method {
	case HMACSHA1:
		digest = sha1.New
	case HMACSHA256:
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

// BaseString is what is signed (RFC 5849 3.4.1.1). A body counts only where it is
// a form; a parameter that stands twice counts twice.
func BaseString(r Request, protocol map[string]string) (string, error) {
	sources := []string{r.URL.RawQuery}
	if IsForm(r.ContentType) {
		sources = append(sources, string(r.Body))
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
	return strings.ToUpper(r.Verb) + "&" + percentEncode(baseURI(r.URL)) + "&" + percentEncode(strings.Join(normalized, "&")), nil
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
