package infra_test

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestValidateEgress(t *testing.T) {
	t.Parallel()
	two := []string{"us-gov-west-1b", "us-gov-west-1c"}
	for name, tc := range map[string]struct {
		egress infra.Egress
		want   string // Empty for what is right.
	}{
		"one zone":                {infra.Egress{Zones: 1}, ""},
		"three in a small one":    {infra.Egress{Zones: 3, CIDR: "192.168.7.0/24"}, ""},
		"named zones":             {infra.Egress{Zones: 2, AvailabilityZones: map[string][]string{"us-gov-west-1": two}}, ""},
		"no zone":                 {infra.Egress{}, "egress zones 0"},
		"four zones":              {infra.Egress{Zones: 4}, "egress zones 4"},
		"no block":                {infra.Egress{Zones: 1, CIDR: "10.0.0.1"}, `egress cidr "10.0.0.1"`},
		"host bits":               {infra.Egress{Zones: 1, CIDR: "10.0.1.1/16"}, "egress cidr"},
		"too large":               {infra.Egress{Zones: 1, CIDR: "10.0.0.0/8"}, "egress cidr"},
		"too small":               {infra.Egress{Zones: 1, CIDR: "10.0.0.0/28"}, "egress cidr"},
		"the internet's":          {infra.Egress{Zones: 1, CIDR: "203.0.113.0/24"}, "egress cidr"},
		"IPv6":                    {infra.Egress{Zones: 1, CIDR: "fd00::/16"}, "egress cidr"},
		"too few named zones":     {infra.Egress{Zones: 3, AvailabilityZones: map[string][]string{"us-gov-west-1": two}}, "availabilityZones of us-gov-west-1"},
		"a zone twice":            {infra.Egress{Zones: 1, AvailabilityZones: map[string][]string{"us-gov-west-1": {two[0], two[0]}}}, "availabilityZones"},
		"one of another region":   {infra.Egress{Zones: 1, AvailabilityZones: map[string][]string{"us-gov-west-1": {two[0], "us-gov-east-1a"}}}, "availabilityZones of us-gov-west-1"},
		"zones of another region": {infra.Egress{Zones: 1, AvailabilityZones: map[string][]string{"eu-central-1": two}}, "availabilityZones of eu-central-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := valid()
			p.EgressAddresses, p.Egress, p.PrivateNetwork = nil, &tc.egress, private()
			err := p.Validate()
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("got %v, want one problem with %q", err, tc.want)
			}
		})
	}
}

// TestValidateAddresses: they are of a network of ours or of the operator's, and no
// more than an event can name.
func TestValidateAddresses(t *testing.T) {
	t.Parallel()
	p := valid()
	p.Egress = &infra.Egress{Zones: 1}
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "set one of the two") {
		t.Errorf("addresses of two networks: got %v", err)
	}
	p = valid()
	p.EgressAddresses = slices.Repeat([]string{"198.51.100.7"}, 16)
	if err := p.Validate(); err != nil {
		t.Errorf("16 addresses: %v", err)
	}
	p.EgressAddresses = append(p.EgressAddresses, "198.51.100.8")
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "at most 16") {
		t.Errorf("17 addresses: got %v", err)
	}
}

// TestSubnetsAreApart: all lie in the block and none in another, however small it is.
func TestSubnetsAreApart(t *testing.T) {
	t.Parallel()
	for _, cidr := range []string{"", "10.0.0.0/16", "172.16.255.0/24", "192.168.128.0/17"} {
		block := netip.MustParsePrefix(cmp.Or(cidr, "10.90.0.0/16"))
		var all []netip.Prefix
		for zone := range 3 {
			private, public := (&infra.Egress{Zones: 3, CIDR: cidr}).Subnets(zone)
			all = append(all, netip.MustParsePrefix(private), netip.MustParsePrefix(public))
		}
		for i, subnet := range all {
			if subnet != subnet.Masked() || subnet.Bits() > 28 || !block.Contains(subnet.Addr()) || subnet.Bits() != block.Bits()+3 {
				t.Errorf("%s is none of %s", subnet, block)
			}
			for _, other := range all[i+1:] {
				if subnet.Overlaps(other) {
					t.Errorf("%s and %s overlap", subnet, other)
				}
			}
		}
	}
}

// TestWhoStandsWhere: what calls systems stands in our network, and server-probe in
// the operator's if there is one.
func TestWhoStandsWhere(t *testing.T) {
	t.Parallel()
	for _, r := range routes.All() {
		calls, probes := slices.Contains(r.Grants, routes.Egress), r == routes.ServerProbe.Route
		for _, private := range []*infra.PrivateNetwork{nil, private()} {
			for _, own := range []bool{false, true} {
				functions, probe, want := "", "", ""
				if own {
					functions, probe = "ours", "ours, to probe"
				}
				switch {
				case probes && private != nil:
					want = private.VPC
				case probes:
					want = probe
				case calls:
					want = functions
				}
				if got := infra.VPCOf(r, private, functions, probe); got != want {
					t.Errorf("%s, private network %t, egress %t: in %q, want %q", r.Name, private != nil, own, got, want)
				}
			}
		}
	}
}
