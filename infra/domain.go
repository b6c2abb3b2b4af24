package infra

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	gateway "github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/jsii-runtime-go"
)

// Domain is the name that everything is served under: of the API, or of the
// distribution where the console is delivered by CloudFront.
type Domain struct {
	// Name is a host name; {region} in it is replaced by the region.
	Name string `json:"name"`
	// CertificateARN is a certificate of ACM for the name, of the same region or, for
	// CloudFront, of us-east-1. Without one HostedZoneID lets us make one.
	CertificateARN string `json:"certificateArn"`
	// HostedZoneID is the zone of Route 53 that the name is added to; empty leaves
	// that to the operator.
	HostedZoneID string `json:"hostedZoneId"`
}

// RegionPlace stands in the name of a domain for the region.
const RegionPlace = "{region}"

// cloudFrontRegion is where CloudFront has its certificates.
const cloudFrontRegion = "us-east-1"

var (
	hostName       = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
	certificateARN = regexp.MustCompile(`^arn:aws[a-z-]*:acm:([a-z0-9-]+):[0-9]{12}:certificate/[0-9a-f-]{36}$`)
	hostedZoneID   = regexp.MustCompile(`^Z[A-Z0-9]{1,31}$`)
)

// problems returns what is wrong with the domain of a deployment; one that is not
// asked for has no problem.
func (d *Domain) problems(p Props) []error {
	if d == nil {
		return nil
	}
	var found problems
	found.when(p.PublicURL != "", "domain and publicUrl: the address is that of the domain, leave publicUrl empty")
	found.when(!hostName.MatchString(d.host("eu-central-1")), "domain name %q: a host name in lower case is needed", d.Name)
	found.when(p.Region == "" && strings.Contains(d.Name, RegionPlace), "domain name %q: the stage names no region", d.Name)
	found.when(d.HostedZoneID != "" && !hostedZoneID.MatchString(d.HostedZoneID), "domain hostedZoneId %q: the id of a hosted zone is needed", d.HostedZoneID)
	if d.CertificateARN == "" {
		found.when(p.Console.CloudFront(), "domain certificateArn: CloudFront needs one, of %s", cloudFrontRegion)
		found.when(d.HostedZoneID == "", "domain certificateArn or hostedZoneId is needed: without a zone we can make no certificate")
		return found
	}
	region := p.Region
	if p.Console.CloudFront() {
		region = cloudFrontRegion
	}
	parts := certificateARN.FindStringSubmatch(d.CertificateARN)
	found.when(parts == nil, "domain certificateArn %q: the ARN of a certificate of ACM is needed", d.CertificateARN)
	found.when(parts != nil && region != "" && parts[1] != region, "domain certificateArn %q: it must be of %s", d.CertificateARN, region)
	return found
}

// host is the name in one region.
func (d *Domain) host(region string) string { return strings.ReplaceAll(d.Name, RegionPlace, region) }

// ofAPI reports whether the API itself is served under a name of ours, and under
// no other.
func (p Props) ofAPI() bool { return p.Domain != nil && !p.Console.CloudFront() }

// disabled turns the name off that API Gateway gives an API.
func disabled(p Props) any {
	if !p.ofAPI() {
		return nil
	}
	return true
}

// addDomain serves the API under its own name.
func (a *api) addDomain(stage gateway.CfnStage) {
	if !a.props.ofAPI() {
		return
	}
	d := a.props.Domain
	name := gateway.NewCfnDomainName(a.stack, jsii.String("Domain"), &gateway.CfnDomainNameProps{
		DomainName: jsii.String(d.host(a.props.Region)),
		DomainNameConfigurations: []any{&gateway.CfnDomainName_DomainNameConfigurationProperty{
			CertificateArn: a.certificate(d), EndpointType: jsii.String("REGIONAL"),
			SecurityPolicy: jsii.String("TLS_1_2"), IpAddressType: jsii.String("dualstack"),
		}},
	})
	gateway.NewCfnApiMapping(a.stack, jsii.String("DomainMapping"), &gateway.CfnApiMappingProps{
		ApiId: a.http.Ref(), DomainName: name.Ref(), Stage: stage.Ref(),
	})
	a.addRecords(d, *name.AttrRegionalDomainName(), *name.AttrRegionalHostedZoneId())
}

// certificate is the one that is named, or a new one: Route 53 proves that the name
// is ours, and ACM renews it.
func (a *api) certificate(d *Domain) *string {
	if d.CertificateARN != "" {
		return &d.CertificateARN
	}
	host := d.host(a.props.Region)
	return awscertificatemanager.NewCfnCertificate(a.stack, jsii.String("Certificate"), &awscertificatemanager.CfnCertificateProps{
		DomainName: &host, ValidationMethod: jsii.String("DNS"),
		DomainValidationOptions: []any{&awscertificatemanager.CfnCertificate_DomainValidationOptionProperty{
			DomainName: &host, HostedZoneId: &d.HostedZoneID,
		}},
	}).Ref()
}

// addRecords has the name lead to where it is served, or says where that is.
func (a *api) addRecords(d *Domain, target, zone string) {
	output(a.stack, "DomainTarget", "What the name of the domain leads to (CNAME or alias).", target)
	if d.HostedZoneID == "" {
		return
	}
	for id, kind := range map[string]string{"DomainIPv4": "A", "DomainIPv6": "AAAA"} {
		record := awsroute53.NewCfnRecordSet(a.stack, &id, &awsroute53.CfnRecordSetProps{
			Name: jsii.String(d.host(a.props.Region)), Type: &kind, HostedZoneId: &d.HostedZoneID,
			AliasTarget: &awsroute53.CfnRecordSet_AliasTargetProperty{DnsName: &target, HostedZoneId: &zone},
		})
		record.ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY, nil)
	}
}
