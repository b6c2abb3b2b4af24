package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"
)

// addAddresses declares an Elastic IP address for each zone of the egress, if
// there is any. Others have these addresses in their firewalls, so that they
// outlive the network; one that is not used any more stays in the account until
// somebody releases it.
func (d *data) addAddresses(p Props) {
	if p.Egress == nil {
		return
	}
	for n := range p.Egress.Zones {
		id := fmt.Sprintf("EgressAddress%d", n+1)
		address := awsec2.NewCfnEIP(d.stack, jsii.String(id+"Ip"), &awsec2.CfnEIPProps{
			Domain: jsii.String("vpc"), Tags: named(p, fmt.Sprintf("egress-%d", n+1)),
		})
		address.ApplyRemovalPolicy(d.removal, nil)
		d.addresses = append(d.addresses, address)
		output(d.stack, id, "IP address that calls to systems come from.", *address.Ref())
	}
}

// named is the tag that the console of EC2 shows as a name.
func named(p Props, what string) *[]*awscdk.CfnTag {
	return &[]*awscdk.CfnTag{{Key: jsii.String("Name"), Value: jsii.String(p.name(what))}}
}
