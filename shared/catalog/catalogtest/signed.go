package catalogtest

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
)

// pair is a token of OAuth 1.0 with its shared secret.
type pair struct {
	secret    string
	callback  string // Of a temporary one, with the verifier that a person's consent gives.
	verifier  string
	consented bool
}

// signs reports whether requests are signed instead of carrying a credential.
func (p *Provider) signs() bool { return p.Scheme.Type == "oauth1" || p.Scheme.Type == "netsuite_tba" }

// signature is what a lease hands out to sign with (RFC 5849), by the names of
// the lease.
func (p *Provider) signature(fields map[string]string) map[string]string {
	values := map[string]string{
		"consumerKey": fields["consumerKey"], "consumerSecret": fields["consumerSecret"], "token": fields["token"], "tokenSecret": fields["tokenSecret"],
	}
	if values["consumerKey"] == "" {
		values["consumerKey"], values["consumerSecret"] = p.ClientID, p.Secret
	}
	if p.Scheme.Type == "netsuite_tba" {
		values["token"], values["signatureMethod"] = fields["tokenId"], "HMAC-SHA256"
		values["realm"] = strings.ToUpper(strings.ReplaceAll(p.vars["accountId"], "-", "_"))
		return values
	}
	values["signatureMethod"] = p.Scheme.OAuth1.SignatureMethod
	if realm := whole(p.Scheme.OAuth1.Realm, p.vars); realm != "" {
		values["realm"] = realm
	}
	return values
}

// Pair returns the credential that a token of the handoff is, as a lease has it.
func (p *Provider) Pair(token string) map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pairs[token] == nil {
		return nil
	}
	return map[string]string{"token": token, "tokenSecret": p.pairs[token].secret}
}

// presentedSigned is presented for a request that is signed.
func (p *Provider) presentedSigned(r catalog.Request, req *http.Request, body string) (accepted, ok bool) {
	plain := req.Clone(req.Context())
	plain.Header.Del("Authorization")
	given := protocol(req)
	if given == nil || !p.carries(r, plain, body, "", nil) {
		return false, false
	}
	fields := p.Fields
	if held := p.pairs[given["oauth_token"]]; held != nil {
		fields = map[string]string{"token": given["oauth_token"], "tokenSecret": held.secret}
	}
	return p.signedBy(req, body, given, p.signature(fields)), true
}

// signedBy verifies a signature as RFC 5849 3.2 says.
func (p *Provider) signedBy(req *http.Request, body string, given, by map[string]string) bool {
	for name, want := range map[string]string{
		"oauth_consumer_key": by["consumerKey"], "oauth_token": by["token"], "oauth_signature_method": by["signatureMethod"], "realm": by["realm"], "oauth_version": "1.0",
	} {
		if given[name] != want {
			return false
		}
	}
	if given["oauth_timestamp"] != fmt.Sprint(p.Now().Unix()) && given["oauth_timestamp"] != fmt.Sprint(p.Now().Unix()-1) {
		return false
	}
	return by["consumerSecret"] != "" && hmac.Equal([]byte(given["oauth_signature"]), []byte(sign(req, body, given, by)))
}

// sign is the signature of RFC 5849 3.4, written from its text alone.
func sign(req *http.Request, body string, protocol, by map[string]string) string {
	var parameters []string
	add := func(name, value string) { parameters = append(parameters, encode(name)+"="+encode(value)) }
	for name, value := range protocol {
		if name != "realm" && name != "oauth_signature" {
			add(name, value)
		}
	}
	sources := []url.Values{req.URL.Query()}
	if form, err := url.ParseQuery(body); err == nil && req.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		sources = append(sources, form)
	}
	for _, values := range sources {
		for name, list := range values {
			for _, value := range list {
				add(name, value)
			}
		}
	}
	slices.Sort(parameters)
	base := req.Method + "&" + encode("https://"+req.URL.Host+req.URL.EscapedPath()) + "&" + encode(strings.Join(parameters, "&"))
	digest := map[string]func() hash.Hash{"HMAC-SHA1": sha1.New, "HMAC-SHA256": sha256.New}[by["signatureMethod"]]
	mac := hmac.New(digest, []byte(encode(by["consumerSecret"])+"&"+encode(by["tokenSecret"])))
	_, _ = mac.Write([]byte(base)) // Never fails.
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// encode is the percent encoding of RFC 5849 3.6.
func encode(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		if strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", b) >= 0 {
			out.WriteByte(b)
		} else {
			fmt.Fprintf(&out, "%%%02X", b)
		}
	}
	return out.String()
}

// protocol reads the parameters of the Authorization header (RFC 5849 3.5.1), nil
// when it holds none.
func protocol(req *http.Request) map[string]string {
	rest, ok := strings.CutPrefix(req.Header.Get("Authorization"), "OAuth ")
	if !ok {
		return nil
	}
	given := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		decoded, err := url.PathUnescape(strings.Trim(value, `"`))
		if _, twice := given[name]; err != nil || twice {
			return nil
		}
		given[name] = decoded
	}
	return given
}
