package method

import (
	"maps"
	"net/http"

	"github.com/tenonhq/tenon/shared/oauth1"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
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
type signature oauth1.Signature

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
	protocol := oauth1.Signature(s).Protocol(nonce, reach.now())
	maps.Copy(protocol, further)
	header, err := oauth1.Signature(s).Authorization(signedPart(r, body), protocol)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", header)
	return nil
}

func signedPart(r *http.Request, body []byte) oauth1.Request {
	return oauth1.Request{Verb: r.Method, URL: r.URL, ContentType: r.Header.Get("Content-Type"), Body: body}
}
