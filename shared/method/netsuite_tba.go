package method

import (
	"net/http"
	"strings"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/oauth1"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// NetSuiteTBA is NetSuite's token-based authentication: OAuth 1.0 with
// HMAC-SHA256, a token that was made in NetSuite, and the account as the realm
// (Oracle, "The Signature for Web Services and RESTlets"). Bodies that are JSON
// are not signed, and there is no oauth_body_hash.
type NetSuiteTBA struct{}

// fieldTokenID is NetSuite's word for the token.
const fieldTokenID = "tokenId"

// inputAccountID is the input that names the NetSuite account.
const inputAccountID = "accountId"

// Type implements Method.
func (NetSuiteTBA) Type() string { return "netsuite_tba" }

// Apply implements Method. The values have the names of OAuth1.
func (NetSuiteTBA) Apply(t Target, fields map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	s := signature{
		Method: oauth1.HMACSHA256, Realm: accountRealm(t.Values[inputAccountID].Text),
		ConsumerKey: fields[valueConsumerKey], ConsumerSecret: fields[valueConsumerSecret],
		Token: fields[fieldTokenID], TokenSecret: fields[valueTokenSecret],
	}
	return s.place(t)
}

// Describe shows the end of the token id, by which the person who made it tells
// it from others. It is no secret without the token secret.
func (NetSuiteTBA) Describe(fields map[string]secret.Bytes) Description {
	return Description{Last4: fields[fieldTokenID].Last4()}
}

// Check refuses a value that was pasted twice: NetSuite shows the four but once,
// alike in form, and says only that the login is invalid.
func (NetSuiteTBA) Check(_ Target, fields map[string]secret.Bytes) error {
	var wrong []fault.Field
	names := []string{valueConsumerKey, valueConsumerSecret, fieldTokenID, valueTokenSecret}
	for i, name := range names {
		for _, earlier := range names[:i] {
			if !fields[name].IsZero() && fields[name].Equal(fields[earlier]) {
				wrong = append(wrong, fault.Field{Pointer: "/credential/" + name, Detail: "Is the same as " + earlier + "."})
				break
			}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is not valid.", Remedy: "fix_input", Fields: wrong,
	}
}

// Sign implements Signer.
func (NetSuiteTBA) Sign(r *http.Request, body []byte, _ Target, l vault.Leasable, reach Reach) error {
	return signatureOf(l).sign(r, body, reach, nil)
}

// accountRealm returns the account id as NetSuite shows it, 1234567_SB1, for that
// form or for the one of its hosts, 1234567-sb1.
func accountRealm(accountID string) string {
	return strings.ToUpper(strings.ReplaceAll(accountID, "-", "_"))
}
