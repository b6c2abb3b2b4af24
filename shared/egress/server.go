package egress

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// firstUserPort is the first port that needs no privilege to listen on. Below it
// are the services of hosts: mail, names, files, remote shells.
const firstUserPort = 1024

// Dialer connects to servers that do not speak HTTP, by name or address: public
// ones, and those of private networks that are listed. The zero value is the
// strictest. A refusal is the fault egress_denied.
//
// The addresses are those of the HTTP client. Names of this cloud are allowed,
// for databases have such; what its names resolve to is checked like any other,
// and its own services listen on ports that are not.
type Dialer struct {
	// Ports are allowed besides 1024 to 65535.
	Ports []uint16
	// Private are networks of RFC 1918 and RFC 4193 that may be reached too. What
	// lies outside of those, and the metadata service, is refused all the same.
	Private []netip.Prefix
	// InsecureLoopback is as in Config.
	InsecureLoopback bool
	// Resolver replaces the machine's resolver when it is not nil.
	Resolver *net.Resolver

	// reached is as in dialer.
	reached func(netip.AddrPort) error
}

// DialContext resolves the host once and connects to the first of its addresses
// that is allowed and answers. It fits http.Transport and database drivers.
func (d Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || checkText(host) != nil {
		return nil, denied("form")
	}
	check := d.checkTarget
	if d.InsecureLoopback && isLoopbackName(host) {
		check = checkLoopback
	} else if err := d.checkServer(host, port); err != nil {
		return nil, err
	}
	inner := dialer{reached: d.reached}
	out := net.Dialer{Timeout: connectTimeout, Resolver: d.Resolver, Control: inner.control(check)}
	return out.DialContext(ctx, network, address)
}

// checkServer refuses before anything is resolved.
func (d Dialer) checkServer(host, port string) error {
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || !d.allowsPort(uint16(number)) {
		return denied("port")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return d.checkAddress(ip)
	}
	if len(d.Private) > 0 {
		return checkOutside(host, reserved, rebinding)
	}
	return checkOutside(host, reserved, internal, rebinding)
}

func (d Dialer) allowsPort(port uint16) bool {
	return port >= firstUserPort || slices.Contains(d.Ports, port)
}

func (d Dialer) checkTarget(target netip.AddrPort) error {
	if !d.allowsPort(target.Port()) {
		return denied("port")
	}
	return d.checkAddress(target.Addr())
}

// metadata is where AWS serves what runs on it (EC2 User Guide, "Instance
// metadata service"; VPC User Guide, "Amazon DNS server"): inside of the unique
// local addresses of RFC 4193.
var metadata = netip.MustParsePrefix("fd00:ec2::/32")

func (d Dialer) checkAddress(ip netip.Addr) error {
	plain := ip.Unmap()
	listed := func(p netip.Prefix) bool { return p.Contains(plain) }
	if plain.IsPrivate() && !metadata.Contains(plain) && slices.ContainsFunc(d.Private, listed) {
		return nil
	}
	return CheckAddress(ip)
}
