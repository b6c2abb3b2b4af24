package method

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// ServiceAccount is the JWT-bearer grant of a service account: with the JSON key
// file that Google and others hand out, or without one, where the account knows
// the tenant's public key.
type ServiceAccount struct{}

// The field of the key file, the values that name the account and its key where
// there is no file, and the person for whom it acts, if any.
const (
	fieldKey            = "key"
	valueServiceAccount = "serviceAccount"
	valueKeyID          = "keyId"
	valueSubject        = "subject"
)

const maxKeyFile = 16 << 10

// Type implements Method.
func (ServiceAccount) Type() string { return "service_account_key" }

// Apply implements Method.
func (ServiceAccount) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	return bearer(t, token)
}

// Describe shows whose key it is and the end of the key's id. The file does not
// say when it expires.
func (ServiceAccount) Describe(fields map[string]secret.Bytes) Description {
	k := readKeyFile(fields[fieldKey])
	return Description{User: k.email, Last4: secret.FromString(k.id).Last4(), PublicKey: publicKey(k.privateKey)}
}

// Check implements Checker. The file names a token endpoint too: it must be on the
// host of the catalog's, and is not used.
func (ServiceAccount) Check(t Target, fields map[string]secret.Bytes) error {
	file := fields[fieldKey]
	if file.IsZero() {
		return nil
	}
	endpoint, err := tokenURL(t)
	if err != nil {
		return err
	}
	if wrong := wrongKeyFile(file, endpoint, serviceAssertion(t).Algorithm); wrong != "" {
		return wrongCredential(fieldKey, wrong)
	}
	return nil
}

// Grant implements Granter.
func (ServiceAccount) Grant(t Target, fields map[string]secret.Bytes) (Request, error) {
	vars := openVariables(t, fields)
	var key map[string]secret.Bytes
	if file := fields[fieldKey]; !file.IsZero() {
		k := readKeyFile(file)
		vars[valueServiceAccount], vars[valueKeyID] = k.email, k.id
		key = map[string]secret.Bytes{fieldPrivateKey: k.privateKey}
		if k.privateKey.IsZero() {
			return nil, errPrivateKey // And not the tenant's key instead.
		}
	}
	return assertionGrant(t, serviceAssertion(t), key, vars)
}

// serviceAssertion describes the assertion of a service account, as far as the
// catalog does not.
func serviceAssertion(t Target) catalog.Assertion {
	var d catalog.Assertion
	if t.Scheme.Assertion != nil {
		d = *t.Scheme.Assertion
	}
	d.Algorithm = cmp.Or(d.Algorithm, "RS256")
	d.Issuer = cmp.Or(d.Issuer, "{"+valueServiceAccount+"}")
	d.Subject = cmp.Or(d.Subject, "{"+valueSubject+"}")
	d.KeyID = cmp.Or(d.KeyID, "{"+valueKeyID+"}")
	d.Scope = true
	return d
}

// keyFile is what is used of the JSON file.
type keyFile struct {
	kind, email, id, tokenURI string
	privateKey                secret.Bytes
}

func readKeyFile(file secret.Bytes) keyFile {
	members, err := decodeMembers(file.Reveal())
	if err != nil {
		return keyFile{}
	}
	return keyFile{
		kind: stringMember(members, "type"), email: stringMember(members, "client_email"), id: stringMember(members, "private_key_id"),
		tokenURI: stringMember(members, "token_uri"), privateKey: secretMember(members, "private_key"),
	}
}

// wrongKeyFile says in a sentence why the file cannot be used, or nothing. The
// sentence holds no value of the file.
func wrongKeyFile(file secret.Bytes, endpoint, algorithm string) string {
	if file.Len() > maxKeyFile {
		return "Must be at most 16 KB."
	}
	k := readKeyFile(file)
	if k.kind != "service_account" {
		return "Must be the JSON key file of a service account."
	}
	for _, member := range []struct{ name, text string }{{"client_email", k.email}, {"private_key_id", k.id}} {
		// Both are shown and stand in the assertion.
		if member.text == "" || !headerSafe(secret.FromString(member.text)) || len(member.text) > 320 {
			return "Lacks a usable " + member.name + "."
		}
	}
	if k.privateKey.IsZero() {
		return "Lacks a usable private_key."
	}
	if wrong := wrongPrivateKey(k.privateKey, algorithm); wrong != "" {
		return "private_key: " + wrong
	}
	ours, err := url.Parse(endpoint)
	theirs, wrong := url.Parse(k.tokenURI)
	if err != nil || wrong != nil || !strings.EqualFold(ours.Host, theirs.Host) {
		return "Its token_uri is not on the host of this system."
	}
	return ""
}
