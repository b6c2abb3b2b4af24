package servers_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/servers"
)

// The names a certificate is for and is not for. Nothing resolves them: the
// dialler of a test leads everywhere to one place.
const (
	host      = "db.vendor.com"
	otherHost = "db.other.com"
)

// canary is in every secret; nothing a Prober returns may hold it.
const canary = "canary"

const password = "s3cret-" + canary

// leading returns a dialler that ends at one address wherever it is sent.
func leading(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
}

// login returns a login of ann by the given values; an empty one takes a value
// away.
func login(protocol, port string, pairs ...string) method.Login {
	l := method.Login{Tenant: "acme", Protocol: protocol, Host: host, Port: port, Values: map[string]secret.Bytes{
		method.ValueUser: secret.FromString("ann"), method.ValuePassword: secret.FromString(password),
	}}
	for i := 0; i < len(pairs); i += 2 {
		l.Values[pairs[i]] = secret.FromString(pairs[i+1])
	}
	return l
}

// prove probes and holds the answer to what must never be in it.
func prove(t *testing.T, address string, l method.Login) method.Probe {
	t.Helper()
	p, err := try(t, servers.Prober{Dial: leading(address)}, l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func try(t *testing.T, prober servers.Prober, l method.Login) (method.Probe, error) {
	t.Helper()
	p, err := prober.Probe(t.Context(), l)
	if text := p.Message + p.AccountID + p.AccountName + errors.Join(errors.New(""), err).Error(); strings.Contains(text, canary) {
		t.Errorf("a secret, or what the server said, was returned: %q", text)
	}
	return p, err
}
