package method

import (
	"net/http"

	"github.com/tenonhq/tenon/shared/oauth1"
	"github.com/tenonhq/tenon/shared/secret"
)

// AccountRealm is the realm of an account.
var AccountRealm = accountRealm

// BaseString is what is signed, with all protocol parameters given, as the
// examples of specifications give them.
func BaseString(r *http.Request, body []byte, protocol map[string]string) (string, error) {
	return oauth1.BaseString(signedPart(r, body), protocol)
}

// SignedHeader returns the header of a request signed with the two secrets.
func SignedHeader(r *http.Request, body []byte, signatureMethod, realm, consumerSecret, tokenSecret string, protocol map[string]string) (string, error) {
	s := oauth1.Signature{Method: signatureMethod, Realm: realm, ConsumerSecret: secret.FromString(consumerSecret), TokenSecret: secret.FromString(tokenSecret)}
	return s.Authorization(signedPart(r, body), protocol)
}
