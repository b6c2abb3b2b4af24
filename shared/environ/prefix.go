package environ

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// ParsePrefixes reads CIDR blocks separated by commas: what a private network
// may be asked for. A block that holds an address which is never a customer's
// server is refused: this machine, its link with the metadata services of AWS,
// several receivers at once.
func ParsePrefixes(text string) ([]netip.Prefix, error) {
	if text == "" {
		return nil, nil
	}
	var prefixes []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		p, err := netip.ParsePrefix(part)
		if err != nil || p != p.Masked() || p.Addr().Is4In6() {
			return nil, fmt.Errorf("%q is not a CIDR block such as 10.20.0.0/16", part)
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("%s is every address", p)
		}
		if i := slices.IndexFunc(forbidden(), p.Overlaps); i >= 0 {
			return nil, fmt.Errorf("%s has addresses of %s, which are never a server's", p, forbidden()[i])
		}
		prefixes = append(prefixes, p)
	}
	return prefixes, nil
}

// forbidden are addresses of RFC 6890 and of
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html.
func forbidden() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),      // This network.
		netip.MustParsePrefix("127.0.0.0/8"),    // Loopback.
		netip.MustParsePrefix("169.254.0.0/16"), // Link-local, with metadata, credentials, DNS and time of AWS.
		netip.MustParsePrefix("224.0.0.0/3"),    // Multicast, reserved, broadcast.
		netip.MustParsePrefix("::/96"),          // Loopback and unspecified.
		netip.MustParsePrefix("::ffff:0:0/96"),  // IPv4 in another writing.
		netip.MustParsePrefix("64:ff9b::/96"),   // IPv4 behind NAT64.
		netip.MustParsePrefix("fd00:ec2::/32"),  // Metadata, DNS and time of AWS.
		netip.MustParsePrefix("fe80::/10"),      // Link-local.
		netip.MustParsePrefix("ff00::/8"),       // Multicast.
	}
}
