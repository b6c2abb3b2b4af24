package templatetests_test

import (
	"fmt"
	"slices"
	"strings"
)

// Types that variants have.
var (
	distribution  = []string{"AWS::CloudFront::Distribution"}
	bucket        = []string{"AWS::S3::Bucket"}
	bucketPolicy  = []string{"AWS::S3::BucketPolicy"}
	userPool      = []string{"AWS::Cognito::UserPool"}
	securityGroup = []string{"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"}
)

// fsbpEdge are the controls of the network, of CloudFront and of the user pool,
// which a stage has only if it asks for them.
var fsbpEdge = []control{
	{id: "ACM.1", page: hub + "acm-controls.html#acm-1", asks: "Certificates are renewed in time.", types: []string{"AWS::CertificateManager::Certificate"}, check: is("DNS", "ValidationMethod"), answer: "AWS renews what is validated by DNS."},
	{id: "CloudFront.1", page: hub + "cloudfront-controls.html#cloudfront-1", asks: "Distributions have a default root object.", types: distribution, answer: "The path / is the API's, which answers it as it answers any path it has not."},
	{id: "CloudFront.3", page: hub + "cloudfront-controls.html#cloudfront-3", asks: "Viewers speak HTTPS.", types: distribution, check: everyBehavior("ViewerProtocolPolicy", "redirect-to-https", "https-only")},
	{id: "CloudFront.4", page: hub + "cloudfront-controls.html#cloudfront-4", asks: "Distributions have a second origin.", types: distribution, check: given("DistributionConfig", "OriginGroups")},
	{id: "CloudFront.5", page: hub + "cloudfront-controls.html#cloudfront-5", asks: "Distributions write a log.", types: distribution, answer: "A log of CloudFront has whole paths and queries, with handoff ids and authorization codes; the access log of the API has neither and misses only public files."},
	{id: "CloudFront.6", page: hub + "cloudfront-controls.html#cloudfront-6", asks: "Distributions have a web ACL.", types: distribution, answer: "The operator's choice of rules and cost; the stage throttles behind it."},
	{id: "CloudFront.7", page: hub + "cloudfront-controls.html#cloudfront-7", asks: "Certificates are our own.", types: distribution, check: given("DistributionConfig", "ViewerCertificate", "AcmCertificateArn")},
	{id: "CloudFront.8", page: hub + "cloudfront-controls.html#cloudfront-8", asks: "HTTPS is served by SNI.", types: distribution, check: is("sni-only", "DistributionConfig", "ViewerCertificate", "SslSupportMethod")},
	{id: "CloudFront.9", page: hub + "cloudfront-controls.html#cloudfront-9", asks: "Origins are reached by HTTPS.", types: distribution, check: everyOrigin(originByHTTPS)},
	{id: "CloudFront.10", page: hub + "cloudfront-controls.html#cloudfront-10", asks: "Origins are reached without old versions of TLS.", types: distribution, check: everyOrigin(originByTLS12)},
	{id: "CloudFront.12", page: hub + "cloudfront-controls.html#cloudfront-12", asks: "Buckets that are origins exist.", types: distribution, check: everyOrigin(originExists)},
	{id: "CloudFront.13", page: hub + "cloudfront-controls.html#cloudfront-13", asks: "Buckets are reached with origin access control.", types: distribution, check: everyOrigin(originControlled)},
	{id: "CloudFront.14", page: hub + "cloudfront-controls.html#cloudfront-14", asks: "Distributions are tagged.", types: distribution, check: tagged},
	{id: "CloudFront.15", page: hub + "cloudfront-controls.html#cloudfront-15", asks: "The TLS policy is a recommended one.", types: distribution, check: is("TLSv1.2_2021", "DistributionConfig", "ViewerCertificate", "MinimumProtocolVersion")},
	{id: "Cognito.1", page: hub + "cognito-controls.html#cognito-1", asks: "User pools have threat protection.", types: userPool, answer: "It takes the plan Plus, several times the price per user: the operator's choice; sign-up is closed and a second factor is asked for."},
	{id: "Cognito.2", page: hub + "cognito-controls.html#cognito-2", asks: "Identity pools admit no guests.", absent: []string{"AWS::Cognito::IdentityPool"}, answer: "There are no identity pools here."},
	{id: "Cognito.3", page: hub + "cognito-controls.html#cognito-3", asks: "Passwords are strong.", types: userPool, check: strongPasswords},
	{id: "Cognito.5", page: hub + "cognito-controls.html#cognito-5", asks: "A second factor is required.", types: userPool, check: is("ON", "MfaConfiguration"), answer: "Where the stage requires it, as in the variant that is tried."},
	{id: "Cognito.6", page: hub + "cognito-controls.html#cognito-6", asks: "User pools are protected from deletion.", types: userPool, check: both(given("DeletionProtection"), retained), answer: "In every stage but dev."},
	{id: "EC2.2", page: hub + "ec2-controls.html#ec2-2", asks: "Default security groups are closed.", types: []string{"AWS::EC2::VPC"}, answer: "CloudFormation cannot change them, schedules of the network do within a day; nothing stands in the group."},
	{id: "EC2.6", page: hub + "ec2-controls.html#ec2-6", asks: "VPCs have flow logs.", types: []string{"AWS::EC2::VPC"}, check: attached("AWS::EC2::FlowLog", "ResourceId")},
	{id: "EC2.15", page: hub + "ec2-controls.html#ec2-15", asks: "Subnets give no public addresses.", types: []string{"AWS::EC2::Subnet"}, check: is(false, "MapPublicIpOnLaunch")},
	{id: "EC2.12", page: hub + "ec2-controls.html#ec2-12", asks: "Elastic addresses are used.", types: []string{"AWS::EC2::EIP"}, check: tagged, answer: "Each is one NAT gateway's."},
	{id: "EC2.16", page: hub + "ec2-controls.html#ec2-16", asks: "Network ACLs are used; .21 asks that they open no ports of administrators.", absent: []string{"AWS::EC2::NetworkAcl"}, answer: "There is none but the network's own; security groups decide."},
	{id: "EC2.18", page: hub + "ec2-controls.html#ec2-18", asks: "Security groups admit everybody to ports that are meant to be only; .19 names ports that never are.", types: securityGroup, check: admitsNobody},
	{id: "EC2.10", page: hub + "ec2-controls.html#ec2-10", asks: "A network reaches EC2 by an endpoint; .55 and later ask it of services that are used.", types: []string{"AWS::EC2::VPCEndpoint"}, check: given("PolicyDocument"), answer: "Functions never call EC2; those of DynamoDB, KMS, Secrets Manager, EventBridge and Lambda have policies."},
	{id: "S3.1", page: hub + "s3-controls.html#s3-1", asks: "The account blocks public access.", answer: "The account is the operator's; S3.8 holds for each bucket."},
	{id: "S3.5", page: hub + "s3-controls.html#s3-5", asks: "Buckets are reached by TLS only.", types: bucketPolicy, check: deniesPlain},
	{id: "S3.6", page: hub + "s3-controls.html#s3-6", asks: "No other account changes buckets.", types: bucketPolicy, check: both(notPublic, admitsServices)},
	{id: "S3.8", page: hub + "s3-controls.html#s3-8", asks: "Buckets block public access; .2 and .3 ask it of reading and writing.", types: bucket, check: both(
		is(true, "PublicAccessBlockConfiguration", "BlockPublicAcls"), is(true, "PublicAccessBlockConfiguration", "BlockPublicPolicy"),
		is(true, "PublicAccessBlockConfiguration", "IgnorePublicAcls"), is(true, "PublicAccessBlockConfiguration", "RestrictPublicBuckets"))},
	{id: "S3.9", page: hub + "s3-controls.html#s3-9", asks: "Buckets write an access log.", types: bucket, answer: "The bucket has the public files of the console and nothing else."},
	{id: "S3.12", page: hub + "s3-controls.html#s3-12", asks: "Buckets have no access control lists.", types: bucket, check: missing("AccessControl")},
	{id: "S3.17", page: hub + "s3-controls.html#s3-17", asks: "Buckets are encrypted with KMS.", types: bucket, answer: "Not part of FSBP: the files are public, and S3 encrypts them with its own key."},
}

// everyBehavior asks for one of the values of a property of every cache behavior.
func everyBehavior(property string, values ...string) check {
	return func(d everything, _ string, r resource) string {
		behaviors, _ := at(r.Properties, "DistributionConfig", "CacheBehaviors").([]any)
		for _, b := range append(behaviors, at(r.Properties, "DistributionConfig", "DefaultCacheBehavior")) {
			if got := d.text(at(b, property)); !slices.Contains(values, got) {
				return fmt.Sprintf("has %s %s for %v", property, got, at(b, "PathPattern"))
			}
		}
		return ""
	}
}

// everyOrigin asks something of every origin.
func everyOrigin(wrong func(d everything, origin any) string) check {
	return func(d everything, _ string, r resource) string {
		origins, _ := at(r.Properties, "DistributionConfig", "Origins").([]any)
		if len(origins) == 0 {
			return "has no origins"
		}
		for _, origin := range origins {
			if text := wrong(d, origin); text != "" {
				return fmt.Sprintf("%s: origin %v", text, at(origin, "Id"))
			}
		}
		return ""
	}
}

func originByHTTPS(_ everything, origin any) string {
	if custom := at(origin, "CustomOriginConfig"); custom != nil && at(custom, "OriginProtocolPolicy") != "https-only" {
		return "speaks HTTP"
	}
	return ""
}

func originByTLS12(d everything, origin any) string {
	if custom := at(origin, "CustomOriginConfig"); custom != nil && !slices.Equal(d.texts(at(custom, "OriginSSLProtocols")), []string{"TLSv1.2"}) {
		return "speaks old versions of TLS"
	}
	return ""
}

func originExists(d everything, origin any) string {
	if at(origin, "S3OriginConfig") == nil {
		return ""
	}
	for _, id := range d.ids(bucket...) {
		if d.refers(at(origin, "DomainName"), id) {
			return ""
		}
	}
	return "is a bucket of somebody else"
}

func originControlled(_ everything, origin any) string {
	if at(origin, "S3OriginConfig") != nil && at(origin, "OriginAccessControlId") == nil {
		return "is a bucket without access control"
	}
	return ""
}

func strongPasswords(_ everything, _ string, r resource) string {
	policy := at(r.Properties, "Policies", "PasswordPolicy")
	for _, required := range []string{"RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols"} {
		if at(policy, required) != true {
			return "does not have " + required
		}
	}
	length, _ := at(policy, "MinimumLength").(float64)
	days, _ := at(policy, "TemporaryPasswordValidityDays").(float64)
	if length < 8 || days == 0 || days > 7 {
		return fmt.Sprintf("takes passwords of %v characters, temporary ones for %v days", length, days)
	}
	return ""
}

// admitsNobody asks that no rule lets in the whole internet.
func admitsNobody(d everything, _ string, r resource) string {
	rules, _ := r.Properties["SecurityGroupIngress"].([]any)
	if r.Type == "AWS::EC2::SecurityGroupIngress" {
		rules = []any{r.Properties}
	}
	for _, rule := range rules {
		for _, from := range []string{"CidrIp", "CidrIpv6"} {
			if block := d.text(at(rule, from)); strings.HasSuffix(block, "/0") {
				return "admits " + block
			}
		}
	}
	return ""
}

func deniesPlain(d everything, id string, _ resource) string {
	for _, s := range d.statements(id) {
		if s["Effect"] == "Deny" && slices.Contains(d.texts(s["Action"]), "s3:*") && at(s, "Condition", "Bool", "aws:SecureTransport") == "false" {
			return ""
		}
	}
	return "admits plain HTTP"
}

// admitsServices asks that a policy admits services for something of this account
// only.
func admitsServices(d everything, id string, _ resource) string {
	for _, s := range d.statements(id) {
		for _, p := range d.principals(s) {
			if s["Effect"] == "Allow" && (!strings.HasSuffix(p, ".amazonaws.com") || s["Condition"] == nil) {
				return "admits " + p
			}
		}
	}
	return ""
}
