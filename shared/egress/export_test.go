package egress

import (
	"net/http"
	"net/netip"
)

// NewReaching returns a client as New does that tells reached every address it
// is about to connect to.
func NewReaching(cfg Config, reached func(netip.AddrPort) error) *http.Client {
	c := New(cfg)
	d := dialer{rules: newRules(cfg), resolver: cfg.Resolver, reached: reached}
	c.Transport.(transport).inner.DialContext = d.DialContext
	return c.Client
}

// Reaching returns a dialer that tells reached every address it is about to
// connect to.
func (d Dialer) Reaching(reached func(netip.AddrPort) error) Dialer {
	d.reached = reached
	return d
}
