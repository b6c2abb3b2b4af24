package infra

import "github.com/tenonhq/tenon/shared/routes"

// VPCOf returns the VPC that the function of a row stands in, of an operator's own
// network and that of the egress; empty is none.
func VPCOf(r *routes.Route, private *PrivateNetwork, functions, probe string) string {
	var own *egress
	if functions != "" {
		own = &egress{functions: &PrivateNetwork{VPC: functions}, probe: &PrivateNetwork{VPC: probe}}
	}
	if n := networkOf(r, private, own); n != nil {
		return n.VPC
	}
	return ""
}

// Subnets returns the blocks of a zone.
func (e *Egress) Subnets(zone int) (private, public string) { return e.subnets(zone) }
