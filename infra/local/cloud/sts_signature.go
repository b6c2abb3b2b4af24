package cloud

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// signer is who signs with an access key.
type signer struct {
	arn, id  string
	root     bool   // It is allowed everything.
	role     string // The ARN of the role that a session is of.
	secret   string
	token    string   // Of a session.
	regions  []string // Where the account may be used; nil means everywhere.
	expires  time.Time
	tags     map[string]string // Of the session.
	policies []iam.Document    // That limit the session.
}

// principal is the ARN that policies know the signer by.
func (w signer) principal() string { return cmp.Or(w.role, w.arn) }

// isKeyID reports whether AWS gives access keys such an id: to users, and to
// sessions. Any other is of something on this machine, which is believed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func isKeyID(id string) bool {
	return strings.HasPrefix(id, "AKIA") || strings.HasPrefix(id, "ASIA")
}

// authenticate returns who signed the request (AWS Signature Version 4,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
// The time of the signature is not looked at: tests move the clock.
func (s *identityStore) authenticate(r *http.Request, body []byte) (signer, error) {
	c, ok := parseAuthorization(r.Header.Get("Authorization"))
	if !ok || !isKeyID(c.keyID) {
		return signer{arn: "arn:aws:iam::" + s.cloud.Account + ":root", id: s.cloud.Account, root: true}, nil
	}
	s.mu.Lock()
	who, known := s.keys[c.keyID]
	s.mu.Unlock()
	enabled := who.regions == nil || slices.Contains(who.regions, c.region())
	if !known || !enabled || who.token != r.Header.Get("X-Amz-Security-Token") {
		return signer{}, forbidden("InvalidClientTokenId", "The security token included in the request is invalid.")
	}
	if !who.expires.IsZero() && !s.cloud.Now().Before(who.expires) {
		return signer{}, forbidden("ExpiredToken", "The security token included in the request is expired.")
	}
	if !hmac.Equal([]byte(c.signature), []byte(c.sign(who.secret, r, body))) {
		return signer{}, forbidden("SignatureDoesNotMatch", "The request signature does not match the one calculated here.")
	}
	return who, nil
}

// authorization is what an Authorization header of Signature Version 4 says.
type authorization struct {
	keyID     string
	scope     []string // Date, region, service, aws4_request.
	signed    []string // Names of headers.
	signature string
}

func parseAuthorization(header string) (authorization, bool) {
	rest, ok := strings.CutPrefix(header, "AWS4-HMAC-SHA256 ")
	if !ok {
		return authorization{}, false
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	credential := strings.Split(parts["Credential"], "/")
	if len(credential) != 5 {
		return authorization{}, false
	}
	return authorization{credential[0], credential[1:], strings.Split(parts["SignedHeaders"], ";"), parts["Signature"]}, true
}

func (a authorization) region() string { return a.scope[1] }

// sign returns the signature that the holder of the secret makes.
func (a authorization) sign(secret string, r *http.Request, body []byte) string {
	canonical := r.Method + "\n" + escapedTwice(r.URL) + "\n" + r.URL.Query().Encode() + "\n"
	for _, name := range a.signed {
		canonical += name + ":" + headerOf(r, name, len(body)) + "\n"
	}
	canonical += "\n" + strings.Join(a.signed, ";") + "\n" + hexDigest(body)
	text := "AWS4-HMAC-SHA256\n" + r.Header.Get("X-Amz-Date") + "\n" + strings.Join(a.scope, "/") + "\n" + hexDigest([]byte(canonical))
	key := []byte("AWS4" + secret)
	for _, part := range append(slices.Clone(a.scope), text) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// escapedTwice returns the path of a request as it is signed: its segments as
// they were sent, escaped once more, as for every service but S3.
func escapedTwice(u *url.URL) string {
	segments := strings.Split(cmp.Or(u.EscapedPath(), "/"), "/")
	for i, segment := range segments {
		segments[i] = strings.ReplaceAll(url.QueryEscape(segment), "+", "%20")
	}
	return strings.Join(segments, "/")
}

// headerOf returns a header as it was signed. Those that net/http keeps
// elsewhere are looked up there.
func headerOf(r *http.Request, name string, length int) string {
	switch {
	case name == "content-length":
		return strconv.Itoa(length)
	case name != "host":
		return strings.TrimSpace(strings.Join(r.Header.Values(name), ","))
	case r.Host != "":
		return r.Host
	}
	return r.URL.Host
}

func hexDigest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// randomText returns n letters and digits.
func randomText(n int) string { return hex.EncodeToString(randomBytes((n + 1) / 2))[:n] }
