package infra

import (
	"errors"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// The values of Console.Delivery: whether the function console serves all files of
// the console, or CloudFront those whose names change with their content (ADR 0048).
const (
	DeliveryFunction   = "function"
	DeliveryCloudFront = "cloudfront"
)

// Policies of CloudFront that AWS manages: Managed-CachingDisabled,
// Managed-CachingOptimized and Managed-AllViewerExceptHostHeader.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
const (
	cachingDisabled     = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
	cachingOptimized    = "658327ea-f89d-4fab-a63d-7e88639e58f6"
	allButHost          = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
	cloudFrontZone      = "Z2FDTNDATAQYW2" // Of every distribution.
	assetsPath          = "/console/assets/*"
	apiOrigin           = "api"
	bucketOrigin        = "bucket"
	bucketThenAPIOrigin = "bucket-then-api"
)

// CloudFront reports whether a distribution stands before the API.
func (c Console) CloudFront() bool { return c.Delivery == DeliveryCloudFront }

// deliveryProblems returns what is wrong with how the console's files are served.
func (p Props) deliveryProblems() []error {
	switch {
	case p.Console.Delivery != "" && p.Console.Delivery != DeliveryFunction && !p.Console.CloudFront():
		return []error{fmt.Errorf("console delivery %q: use %q or %q", p.Console.Delivery, DeliveryFunction, DeliveryCloudFront)}
	case p.Console.CloudFront() && p.Domain == nil:
		return []error{errNoDomain}
	}
	return nil
}

var errNoDomain = errors.New("console delivery: CloudFront needs a domain, whose certificate lets it refuse outdated TLS")

// addDistribution has CloudFront serve the console and the API under one name. The
// page itself and whatever is not below assets comes from the API, uncached.
func (a *api) addDistribution() {
	if !a.props.Console.CloudFront() {
		return
	}
	bucket := a.addAssets()
	access := awscloudfront.NewCfnOriginAccessControl(a.stack, jsii.String("AssetsAccess"), &awscloudfront.CfnOriginAccessControlProps{
		OriginAccessControlConfig: &awscloudfront.CfnOriginAccessControl_OriginAccessControlConfigProperty{
			Name: jsii.String(a.props.name("console-" + *awscdk.Aws_REGION())), OriginAccessControlOriginType: jsii.String("s3"),
			SigningBehavior: jsii.String("always"), SigningProtocol: jsii.String("sigv4"),
		},
	})
	d := a.props.Domain
	distribution := awscloudfront.NewCfnDistribution(a.stack, jsii.String("Distribution"), &awscloudfront.CfnDistributionProps{
		DistributionConfig: &awscloudfront.CfnDistribution_DistributionConfigProperty{
			Comment: jsii.String(a.props.name("console")), Enabled: true, Ipv6Enabled: true, HttpVersion: jsii.String("http2and3"),
			Aliases: jsii.Strings(d.host(a.props.Region)),
			ViewerCertificate: &awscloudfront.CfnDistribution_ViewerCertificateProperty{
				AcmCertificateArn: &d.CertificateARN, MinimumProtocolVersion: jsii.String("TLSv1.2_2021"), SslSupportMethod: jsii.String("sni-only"),
			},
			Origins:      a.origins(bucket, access),
			OriginGroups: bucketThenAPI(),
			DefaultCacheBehavior: &awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty{
				TargetOriginId: jsii.String(apiOrigin), ViewerProtocolPolicy: jsii.String("redirect-to-https"),
				AllowedMethods: jsii.Strings("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"),
				CachePolicyId:  jsii.String(cachingDisabled), OriginRequestPolicyId: jsii.String(allButHost),
			},
			CacheBehaviors: []any{&awscloudfront.CfnDistribution_CacheBehaviorProperty{
				PathPattern:    jsii.String(assetsPath),
				TargetOriginId: jsii.String(bucketThenAPIOrigin), ViewerProtocolPolicy: jsii.String("redirect-to-https"), Compress: true,
				AllowedMethods: jsii.Strings("GET", "HEAD", "OPTIONS"),
				CachePolicyId:  jsii.String(cachingOptimized), ResponseHeadersPolicyId: a.addAssetHeaders().AttrId(),
			}},
		},
	})
	a.admit(bucket, distribution)
	a.addRecords(d, *distribution.AttrDomainName(), cloudFrontZone)
	output(a.stack, "AssetsBucket", "Bucket that make upload-console copies the assets of the console to.", *bucket.Ref())
}

// origins are the bucket and the API, which answers the requests by its own name.
func (a *api) origins(bucket awss3.CfnBucket, access awscloudfront.CfnOriginAccessControl) []any {
	return []any{
		&awscloudfront.CfnDistribution_OriginProperty{
			Id: jsii.String(bucketOrigin), DomainName: bucket.AttrRegionalDomainName(), OriginAccessControlId: access.AttrId(),
			S3OriginConfig: &awscloudfront.CfnDistribution_S3OriginConfigProperty{OriginAccessIdentity: jsii.String("")},
		},
		&awscloudfront.CfnDistribution_OriginProperty{
			Id: jsii.String(apiOrigin), DomainName: jsii.String(*a.http.Ref() + ".execute-api." + *awscdk.Aws_REGION() + "." + *awscdk.Aws_URL_SUFFIX()),
			CustomOriginConfig: &awscloudfront.CfnDistribution_CustomOriginConfigProperty{
				OriginProtocolPolicy: jsii.String("https-only"), OriginSslProtocols: jsii.Strings("TLSv1.2"),
			},
		},
	}
}

// bucketThenAPI asks the function for what is not in the bucket: it has the files
// of its own version. So a page works before its files were copied.
func bucketThenAPI() any {
	members := []any{
		&awscloudfront.CfnDistribution_OriginGroupMemberProperty{OriginId: jsii.String(bucketOrigin)},
		&awscloudfront.CfnDistribution_OriginGroupMemberProperty{OriginId: jsii.String(apiOrigin)},
	}
	codes := []any{403, 404, 500, 502, 503, 504}
	return &awscloudfront.CfnDistribution_OriginGroupsProperty{Quantity: jsii.Number(1), Items: []any{
		&awscloudfront.CfnDistribution_OriginGroupProperty{
			Id:      jsii.String(bucketThenAPIOrigin),
			Members: &awscloudfront.CfnDistribution_OriginGroupMembersProperty{Quantity: jsii.Number(len(members)), Items: members},
			FailoverCriteria: &awscloudfront.CfnDistribution_OriginGroupFailoverCriteriaProperty{
				StatusCodes: &awscloudfront.CfnDistribution_StatusCodesProperty{Quantity: jsii.Number(len(codes)), Items: codes},
			},
		},
	}}
}
