package method

import (
	"encoding/base64"
	"strings"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// APIKey puts fields a person gave into headers or query parameters. Where the
// system takes the key as a user name, {basic} is the pair of the one field and a
// password that means nothing.
type APIKey struct{}

// anyPassword stands beside a key that is a user name: some systems refuse an
// empty password, and none reads it.
const anyPassword = "x"

// Type implements Method.
func (APIKey) Type() string { return "api_key" }

// Apply implements Method.
func (APIKey) Apply(t Target, fields map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	vars := variables(t, fields)
	for _, key := range fields {
		if len(fields) == 1 {
			vars["basic"] = base64.StdEncoding.EncodeToString([]byte(key.Reveal() + ":" + anyPassword))
		}
	}
	return place(t, vars)
}

// Describe shows the last four characters of the one secret field.
func (APIKey) Describe(fields map[string]secret.Bytes) Description {
	var d Description
	for _, v := range fields {
		if len(fields) == 1 {
			d.Last4 = v.Last4()
		}
	}
	return d
}

// Basic is HTTP basic authentication (RFC 7617) over TLS.
type Basic struct{}

// The field names of a basic credential.
const (
	fieldUser     = "username"
	fieldPassword = "password"
)

// Type implements Method.
func (Basic) Type() string { return "basic" }

// Apply implements Method. A user name with a colon is refused: the pair could
// be read another way (RFC 7617 2).
func (Basic) Apply(t Target, fields map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	user := fields[fieldUser].Reveal()
	if strings.Contains(user, ":") {
		return vault.Leasable{}, &fault.Error{
			Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is not valid.",
			Fields: []fault.Field{{Pointer: "/credential/" + fieldUser, Detail: "Must not contain a colon."}},
		}
	}
	vars := variables(t, fields)
	vars["basic"] = base64.StdEncoding.EncodeToString([]byte(user + ":" + fields[fieldPassword].Reveal()))
	return place(t, vars)
}

// Describe shows the user and nothing of the password. Without a password the
// user is a key.
func (Basic) Describe(fields map[string]secret.Bytes) Description {
	if fields[fieldPassword].IsZero() {
		return Description{Last4: fields[fieldUser].Last4()}
	}
	return Description{User: fields[fieldUser].Reveal()}
}

// variables returns what a placement's templates may name: the connection's
// values and the fields of the credential.
func variables(t Target, fields map[string]secret.Bytes) map[string]string {
	vars := make(map[string]string, len(t.Values)+len(fields))
	for name, v := range t.Values {
		vars[name] = v.Text
	}
	for name, v := range fields {
		vars[name] = v.Reveal()
	}
	return vars
}

// place fills the scheme's placement.
func place(t Target, vars map[string]string) (vault.Leasable, error) {
	placement := t.Scheme.BeforeChoice(t.Values)
	headers, query, err := placement.Expand(vars)
	if err != nil {
		return vault.Leasable{}, err
	}
	values, err := placement.ExpandValues(vars)
	if err != nil {
		return vault.Leasable{}, err
	}
	return vault.Leasable{Headers: conceal(headers), Query: conceal(query), Values: conceal(values)}, nil
}

func conceal(m map[string]string) map[string]secret.Bytes {
	out := make(map[string]secret.Bytes, len(m))
	for name, value := range m {
		out[name] = secret.FromString(value)
	}
	return out
}
