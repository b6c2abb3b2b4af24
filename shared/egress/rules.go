package egress

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/fault"
)

// rules decide about URLs.
type rules struct {
	loopback bool
	ports    []uint16
}

func newRules(cfg Config) rules {
	return rules{loopback: cfg.InsecureLoopback, ports: append([]uint16{443}, cfg.Ports...)}
}

// denied is the one answer to everything that is refused. The reason is a
// class of rules, safe for the log.
func denied(reason string) error {
	return fault.New(fault.Unprocessable, fault.CodeEgressDenied, "The address is not allowed.").Because(errors.New(reason))
}

// checkText refuses what parsers are known to read differently from one
// another: anything but printable ASCII, and backslashes.
func checkText(raw string) error {
	for _, c := range []byte(raw) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return denied("form")
		}
	}
	return nil
}

func (r rules) checkURL(u *url.URL) error {
	host := u.Hostname()
	switch {
	case u.Opaque != "" || u.Host == "" || u.Fragment != "" || strings.HasSuffix(u.Host, ":"):
		return denied("form")
	case u.User != nil:
		return denied("userinfo")
	case r.loopback && isLoopbackName(host) && (u.Scheme == "http" || u.Scheme == "https"):
		return nil
	case u.Scheme != "https":
		return denied("scheme")
	case !r.allowsPort(u.Port()):
		return denied("port")
	}
	return checkName(host)
}

func (r rules) allowsPort(text string) bool {
	if text == "" {
		return true
	}
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && slices.Contains(r.ports, uint16(port))
}

// isLoopbackName reports whether a host is this machine by its very writing.
func isLoopbackName(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Zone() == "" && isLoopback(ip)
}

func isLoopback(ip netip.Addr) bool { return !ip.Is4In6() && ip.IsLoopback() }

// hostname is a public name as RFC 1123 2.1 writes it, with at least two
// labels and a top-level domain that is none of the many ways to write an IPv4
// address. Names in other scripts come in their ASCII form (RFC 5890).
var hostname = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,57}[a-z0-9])$`)
})

// Names that are refused with every name below them.
var (
	// No network has these (RFC 6761, RFC 8375, RFC 9476).
	reserved = []string{"localhost", "local", "localdomain", "test", "example", "invalid", "onion", "alt", "arpa"}
	// Only a private network can have these (ICANN).
	internal = []string{"internal", "intranet", "private", "corp", "home", "lan"}
	// Names that resolve to the address written in them, or to this machine.
	rebinding = []string{"nip.io", "sslip.io", "xip.io", "traefik.me", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com"}
	// The cloud this runs in: nothing in it may be reached with a tenant's URL.
	cloud = []string{"amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "api.aws", "on.aws", "aws.dev"}
)

func checkName(host string) error { return checkOutside(host, reserved, internal, rebinding, cloud) }

// checkOutside takes a host name that is in none of the zones.
func checkOutside(host string, zones ...[]string) error {
	name := strings.ToLower(host)
	if len(name) > 253 || !hostname().MatchString(name) {
		return denied("host")
	}
	for _, zone := range slices.Concat(zones...) {
		if name == zone || strings.HasSuffix(name, "."+zone) {
			return denied("host")
		}
	}
	return nil
}
