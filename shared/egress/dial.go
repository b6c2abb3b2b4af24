package egress

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// dialer connects to what the rules allow.
type dialer struct {
	rules    rules
	resolver *net.Resolver
	// reached, when not nil, is told every address that was allowed, just
	// before the connection is made; its error stops it.
	reached func(netip.AddrPort) error
}

// DialContext resolves and connects. Only a host that is loopback by its name
// may end at loopback; a public name that resolves there is refused on every
// machine.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, denied("form")
	}
	check := d.rules.checkPublic
	if d.rules.loopback && isLoopbackName(host) {
		check = checkLoopback
	}
	inner := net.Dialer{Timeout: connectTimeout, Resolver: d.resolver, Control: d.control(check)}
	return inner.DialContext(ctx, network, address)
}

// control is called for every address that is tried, after resolution and
// before the connection is made.
func (d dialer) control(check func(netip.AddrPort) error) func(string, string, syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error {
		if network != "tcp4" && network != "tcp6" {
			return denied("network")
		}
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			return denied("address")
		}
		if err := check(target); err != nil || d.reached == nil {
			return err
		}
		return d.reached(target)
	}
}

func (r rules) checkPublic(target netip.AddrPort) error {
	if !slices.Contains(r.ports, target.Port()) {
		return denied("port")
	}
	return CheckAddress(target.Addr())
}

func checkLoopback(target netip.AddrPort) error {
	if !isLoopback(target.Addr()) {
		return denied("address")
	}
	return nil
}

// CheckAddress reports whether an address is a public one. It returns the
// fault egress_denied.
func CheckAddress(ip netip.Addr) error {
	// The mapped form of an IPv4 address (RFC 4291 2.5.5.2) is that address. One
	// with a zone is in no prefix and so refused.
	if err := ssrf.New().SafeAddr(ip.Unmap()); err != nil {
		return denied("address")
	}
	return nil
}
