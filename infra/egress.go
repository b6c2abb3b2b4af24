package infra

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// mostAddresses is how many an event about them may name, see notify.Addresses.
const mostAddresses = 16

// Egress asks for a network of our own, whose Elastic IP addresses the calls to
// systems come from (ADR 0049).
type Egress struct {
	// Zones is in how many availability zones the network is, 1 to 3; each has a NAT
	// gateway and an address.
	Zones int `json:"zones"`
	// CIDR is the block of the network, /16 to /24 of RFC 1918; empty is egressBlock.
	// Nothing outside sees it.
	CIDR string `json:"cidr"`
	// AvailabilityZones are names of zones by region, at least Zones of each, where
	// the first ones of a region are not to be used.
	AvailabilityZones map[string][]string `json:"availabilityZones"`
}

// egressBlock is the network's block unless another is asked for.
const egressBlock = "10.90.0.0/16"

// problems returns what is wrong; what is not asked for has no problem.
func (e *Egress) problems() []error {
	if e == nil {
		return nil
	}
	var found []error
	if e.Zones < 1 || e.Zones > 3 {
		found = append(found, fmt.Errorf("egress zones %d: use 1, 2 or 3", e.Zones))
	}
	block, err := netip.ParsePrefix(e.block())
	if err != nil || !block.Addr().Is4() || !block.Addr().IsPrivate() || block != block.Masked() || block.Bits() < 16 || block.Bits() > 24 {
		found = append(found, fmt.Errorf("egress cidr %q: a private IPv4 block of /16 to /24 is needed", e.CIDR))
	}
	for _, region := range slices.Sorted(maps.Keys(e.AvailabilityZones)) {
		zones := slices.Sorted(slices.Values(e.AvailabilityZones[region]))
		elsewhere := func(zone string) bool { return !strings.HasPrefix(zone, region) }
		if len(zones) < e.Zones || len(slices.Compact(slices.Clone(zones))) < len(zones) || slices.ContainsFunc(zones, elsewhere) {
			found = append(found, fmt.Errorf("egress availabilityZones of %s: %d different ones of that region are needed", region, e.Zones))
		}
	}
	return found
}

func (e *Egress) block() string {
	if e.CIDR == "" {
		return egressBlock
	}
	return e.CIDR
}

// subnets returns the blocks of a zone: an eighth of the network's each.
func (e *Egress) subnets(zone int) (private, public string) {
	block := netip.MustParsePrefix(e.block())
	eighth := func(n int) string {
		a := block.Addr().As4()
		first := uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
		first += uint32(n) << (32 - block.Bits() - 3)
		start := netip.AddrFrom4([4]byte{byte(first >> 24), byte(first >> 16), byte(first >> 8), byte(first)})
		return netip.PrefixFrom(start, block.Bits()+3).String()
	}
	return eighth(zone), eighth(4 + zone)
}

// availabilityZone returns the name of a zone: the one that is asked for in the
// region, or the next one of wherever this is deployed.
func (e *Egress) availabilityZone(region string, zone int) *string {
	if names := e.AvailabilityZones[region]; len(names) > zone {
		return &names[zone]
	}
	return awscdk.Fn_Select(jsii.Number(zone), awscdk.Fn_GetAzs(nil))
}

// egress is where the functions that call systems stand; nil is outside of any
// network.
type egress struct {
	functions *PrivateNetwork
	probe     *PrivateNetwork // The same with other ports, for server-probe.
}

// network returns the network of a row's function, nil for those that call nothing
// but AWS. An operator's own network goes before ours, because the servers to be
// reached are there.
func (a *api) network(r *routes.Route) *PrivateNetwork {
	return networkOf(r, a.props.PrivateNetwork, a.egress)
}

func networkOf(r *routes.Route, private *PrivateNetwork, own *egress) *PrivateNetwork {
	probes := r == routes.ServerProbe.Route
	switch {
	case probes && private != nil:
		return private
	case own == nil || !slices.Contains(r.Grants, routes.Egress):
		return nil
	case probes:
		return own.probe
	}
	return own.functions
}

// egressAddresses are those that calls to systems come from, between commas.
func (a *api) egressAddresses() string {
	addresses := a.props.EgressAddresses
	for _, address := range a.data.addresses {
		addresses = append(addresses, *address.Ref())
	}
	return strings.Join(addresses, ",")
}
