package method

import (
	"net/http"

	"github.com/tenonhq/tenon/shared/secret"
)

// The signature with all protocol parameters given, as the examples of
// specifications give them.
var (
	BaseString   = baseString
	AccountRealm = accountRealm
)

// SignedHeader returns the header of a request signed with the two secrets.
func SignedHeader(r *http.Request, body []byte, signatureMethod, realm, consumerSecret, tokenSecret string, protocol map[string]string) (string, error) {
	s := signature{Method: signatureMethod, Realm: realm, ConsumerSecret: secret.FromString(consumerSecret), TokenSecret: secret.FromString(tokenSecret)}
	return s.authorization(r, body, protocol)
}
