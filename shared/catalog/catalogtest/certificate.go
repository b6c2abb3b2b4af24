package catalogtest

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"strings"
)

// Certified returns a client that shows a certificate to the provider. One that
// is not that of the account is refused in the handshake.
func (p *Provider) Certified(shown tls.Certificate) *http.Client {
	return &http.Client{Transport: certified{p, shown}}
}

type certified struct {
	provider *Provider
	shown    tls.Certificate
}

// RoundTrip implements http.RoundTripper.
func (c certified) RoundTrip(r *http.Request) (*http.Response, error) {
	var chain strings.Builder
	for _, der := range c.shown.Certificate {
		_ = pem.Encode(&chain, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // A builder takes everything.
	}
	if c.provider.Fields["certificate"] != chain.String() {
		return nil, &net.OpError{Op: "remote error", Err: errors.New("tls: unknown certificate authority")}
	}
	return c.provider.exchange(r)
}
