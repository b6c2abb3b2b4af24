package vault

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/secret"
)

// Material is the long-lived secret part of a credential, as it is kept in the
// secret store. It names the connection and the epoch it belongs to, so that a
// copy found in the wrong place or of the wrong age is recognised.
type Material struct {
	Tenant       string
	Resource     string
	Epoch        int
	IssuedAt     time.Time
	Fields       map[string]secret.Bytes // Static credential by field name.
	RefreshToken secret.Bytes
	Answer       []byte // A sealed token answer that could not be kept elsewhere.
}

// materialForm is the stored form of Material.
type materialForm struct {
	Tenant       string            `json:"tenant"`
	Resource     string            `json:"resource"`
	Epoch        int               `json:"epoch"`
	IssuedAt     time.Time         `json:"issuedAt"`
	Fields       map[string]string `json:"fields,omitempty"`
	RefreshToken string            `json:"refreshToken,omitempty"`
	Answer       []byte            `json:"answer,omitempty"`
}

// Encode returns the stored form.
func (m Material) Encode() (secret.Bytes, error) {
	form := materialForm{Tenant: m.Tenant, Resource: m.Resource, Epoch: m.Epoch, IssuedAt: m.IssuedAt, RefreshToken: m.RefreshToken.Reveal(), Answer: m.Answer}
	if len(m.Fields) > 0 {
		form.Fields = reveal(m.Fields)
	}
	return encode(form)
}

// DecodeMaterial reads the stored form.
func DecodeMaterial(stored secret.Bytes) (Material, error) {
	var form materialForm
	if err := decode(stored, &form); err != nil {
		return Material{}, err
	}
	return Material{
		Tenant: form.Tenant, Resource: form.Resource, Epoch: form.Epoch, IssuedAt: form.IssuedAt,
		Fields: conceal(form.Fields), RefreshToken: secret.FromString(form.RefreshToken), Answer: form.Answer,
	}, nil
}

// Leasable is exactly what a lease returns: the sealed hot copy holds nothing
// else, above all no refresh token.
type Leasable struct {
	Headers     map[string]secret.Bytes
	Query       map[string]secret.Bytes
	Values      map[string]secret.Bytes // What no header can carry: a login, a key to sign with.
	AccessToken secret.Bytes
	TokenType   string
}

// leasableForm is the sealed form of Leasable.
type leasableForm struct {
	Headers     map[string]string `json:"h,omitempty"`
	Query       map[string]string `json:"q,omitempty"`
	Values      map[string]string `json:"v,omitempty"`
	AccessToken string            `json:"t,omitempty"`
	TokenType   string            `json:"y,omitempty"`
}

// Encode returns the form that is sealed.
func (l Leasable) Encode() (secret.Bytes, error) {
	return encode(leasableForm{reveal(l.Headers), reveal(l.Query), reveal(l.Values), l.AccessToken.Reveal(), l.TokenType})
}

// DecodeLeasable reads the sealed form after it was opened.
func DecodeLeasable(plain secret.Bytes) (Leasable, error) {
	var form leasableForm
	if err := decode(plain, &form); err != nil {
		return Leasable{}, err
	}
	return Leasable{conceal(form.Headers), conceal(form.Query), conceal(form.Values), secret.FromString(form.AccessToken), form.TokenType}, nil
}

func encode(form any) (secret.Bytes, error) {
	b, err := json.Marshal(form)
	if err != nil {
		return secret.Bytes{}, errors.New("credential cannot be encoded")
	}
	return secret.New(b), nil
}

// decode hides the decoder's error: it may quote the value.
func decode(stored secret.Bytes, form any) error {
	if err := json.Unmarshal([]byte(stored.Reveal()), form); err != nil {
		return errors.New("stored credential cannot be decoded")
	}
	return nil
}

func reveal(m map[string]secret.Bytes) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v.Reveal()
	}
	return out
}

func conceal(m map[string]string) map[string]secret.Bytes {
	out := make(map[string]secret.Bytes, len(m))
	for k, v := range m {
		out[k] = secret.FromString(v)
	}
	return out
}
