// Package probe has logins to servers tried by another function, which alone
// carries the drivers and may stand in a private network. Asker is the side that
// asks, Worker the one that tries; between them a login is sealed under its
// tenant's key. It depends on packages api, catalog, fault, id, method, secret
// and vault.
package probe

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

const (
	// budget bounds what an asker waits for: the login, and the start of a
	// function that has not run for a while.
	budget = 15 * time.Second
	// loginTimeout bounds the login. It ends before the asker stops waiting, so
	// that a silent server is an outcome and no trouble of ours.
	loginTimeout = 10 * time.Second
	// lifetime is how long a request is good for, and how far the clocks of two
	// functions may be apart.
	lifetime = time.Minute
)

// place is where the login of one request belongs. Its resource is drawn for
// the request and its version is the time of it, so neither can be changed and a
// request that was kept opens no more after its lifetime.
func place(in api.ServerProbe) vault.Place {
	return vault.Place{Tenant: in.Tenant, Resource: in.ID, Purpose: vault.PurposeProbe, Version: int(in.SealedAt)}
}

// form is what is sealed: the values together with where they may go.
type form struct {
	Protocol string            `json:"protocol"`
	Host     string            `json:"host"`
	Port     string            `json:"port"`
	Values   map[string]string `json:"values"`
}

func encode(l method.Login) (secret.Bytes, error) {
	f := form{Protocol: l.Protocol, Host: l.Host, Port: l.Port, Values: map[string]string{}}
	for name, value := range l.Values {
		f.Values[name] = value.Reveal()
	}
	b, err := json.Marshal(f)
	if err != nil {
		return secret.Bytes{}, errors.New("the login cannot be encoded")
	}
	return secret.New(b), nil
}

// decode hides the decoder's error: it may quote a value.
func decode(tenant string, plain secret.Bytes) (method.Login, error) {
	var f form
	if err := json.Unmarshal([]byte(plain.Reveal()), &f); err != nil || f.Protocol == "" || f.Host == "" {
		return method.Login{}, malformed("login")
	}
	l := method.Login{Tenant: tenant, Protocol: f.Protocol, Host: f.Host, Port: f.Port, Values: map[string]secret.Bytes{}}
	for name, value := range f.Values {
		l.Values[name] = secret.FromString(value)
	}
	return l, nil
}

// malformed is a request that no asker sends.
func malformed(what string) error {
	return fault.New(fault.Invalid, fault.CodeInvalidBody, "The request is not one of this service.").Because(errors.New(what))
}
