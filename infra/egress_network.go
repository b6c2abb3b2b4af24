package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"
)

const anywhere = "0.0.0.0/0"

// egressNetwork is the stack of the network while it is made. In each zone a
// private subnet, where functions are, leads out through a NAT gateway in a
// public one.
type egressNetwork struct {
	stack   awscdk.Stack
	props   Props
	data    *data
	vpc     awsec2.CfnVPC
	subnets []any // References of the private ones.
	tables  []any // References of their route tables.
}

// newEgress fills the stack and returns where functions stand in it.
func newEgress(s awscdk.Stack, p Props, d *data) *egress {
	n := &egressNetwork{stack: s, props: p, data: d}
	n.vpc = awsec2.NewCfnVPC(s, jsii.String("Vpc"), &awsec2.CfnVPCProps{
		CidrBlock: jsii.String(p.Egress.block()), EnableDnsSupport: true, EnableDnsHostnames: true, Tags: named(p, "network"),
	})
	n.addZones()
	functions := n.group("Functions", "Functions that call systems.", ports(443))
	probe := n.group("Probe", "The function that logs in to servers.", ports(22, 443), span(1024, 65535))
	n.addEndpoints(functions, probe)
	n.addFlowLog()
	n.closeDefaultGroup()
	return &egress{functions: n.place(functions), probe: n.place(probe)}
}

// addZones declares the way out: subnets, routes and gateways.
func (n *egressNetwork) addZones() {
	internet := awsec2.NewCfnInternetGateway(n.stack, jsii.String("InternetGateway"), &awsec2.CfnInternetGatewayProps{})
	attached := awsec2.NewCfnVPCGatewayAttachment(n.stack, jsii.String("InternetGatewayAttachment"), &awsec2.CfnVPCGatewayAttachmentProps{
		VpcId: n.vpc.Ref(), InternetGatewayId: internet.Ref(),
	})
	out := n.table("Public")
	route := n.route("Public", out, &awsec2.CfnRouteProps{GatewayId: internet.Ref()})
	route.AddResourceDependency(attached, nil)
	for zone := range n.props.Egress.Zones {
		private, public := n.props.Egress.subnets(zone)
		id := fmt.Sprint(zone + 1)
		gate := n.subnet("Public"+id, zone, public, out)
		nat := awsec2.NewCfnNatGateway(n.stack, jsii.String("Nat"+id), &awsec2.CfnNatGatewayProps{
			SubnetId: gate.Ref(), AllocationId: n.data.addresses[zone].AttrAllocationId(),
		})
		nat.AddResourceDependency(route, nil)
		table := n.table("Private" + id)
		n.route("Private"+id, table, &awsec2.CfnRouteProps{NatGatewayId: nat.Ref()})
		n.subnets = append(n.subnets, n.subnet("Private"+id, zone, private, table).Ref())
		n.tables = append(n.tables, table.Ref())
	}
}

func (n *egressNetwork) table(id string) awsec2.CfnRouteTable {
	return awsec2.NewCfnRouteTable(n.stack, jsii.String(id+"Routes"), &awsec2.CfnRouteTableProps{VpcId: n.vpc.Ref()})
}

// route is the way to everywhere else.
func (n *egressNetwork) route(id string, table awsec2.CfnRouteTable, by *awsec2.CfnRouteProps) awsec2.CfnRoute {
	by.RouteTableId, by.DestinationCidrBlock = table.Ref(), jsii.String(anywhere)
	return awsec2.NewCfnRoute(n.stack, jsii.String(id+"Route"), by)
}

func (n *egressNetwork) subnet(id string, zone int, block string, table awsec2.CfnRouteTable) awsec2.CfnSubnet {
	subnet := awsec2.NewCfnSubnet(n.stack, jsii.String(id+"Subnet"), &awsec2.CfnSubnetProps{
		VpcId: n.vpc.Ref(), CidrBlock: &block, MapPublicIpOnLaunch: false,
		AvailabilityZone: n.props.Egress.availabilityZone(n.props.Region, zone),
	})
	awsec2.NewCfnSubnetRouteTableAssociation(n.stack, jsii.String(id+"SubnetRoutes"), &awsec2.CfnSubnetRouteTableAssociationProps{
		SubnetId: subnet.Ref(), RouteTableId: table.Ref(),
	})
	return subnet
}

// place is where functions of a group stand.
func (n *egressNetwork) place(group awsec2.CfnSecurityGroup) *PrivateNetwork {
	p := &PrivateNetwork{VPC: *n.vpc.Ref(), SecurityGroups: []string{*group.AttrGroupId()}}
	for _, subnet := range n.subnets {
		p.Subnets = append(p.Subnets, *subnet.(*string))
	}
	return p
}
