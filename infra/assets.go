package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// The headers that files of the console have wherever they come from: package web
// sends the same.
const (
	assetPolicy      = "default-src 'none'; sandbox; frame-ancestors 'none'"
	transportSeconds = 63072000
)

// oldAssetDays is how long a version of a file is kept that another has replaced.
const oldAssetDays = 30

// addAssets declares the bucket of the console's files, which nobody reads but the
// distribution. What is in it can be copied again.
func (a *api) addAssets() awss3.CfnBucket {
	bucket := awss3.NewCfnBucket(a.stack, jsii.String("Assets"), &awss3.CfnBucketProps{
		BucketEncryption: &awss3.CfnBucket_BucketEncryptionProperty{ServerSideEncryptionConfiguration: []any{
			&awss3.CfnBucket_ServerSideEncryptionRuleProperty{
				ServerSideEncryptionByDefault: &awss3.CfnBucket_ServerSideEncryptionByDefaultProperty{SseAlgorithm: jsii.String("AES256")},
			},
		}},
		PublicAccessBlockConfiguration: &awss3.CfnBucket_PublicAccessBlockConfigurationProperty{
			BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
		},
		OwnershipControls: &awss3.CfnBucket_OwnershipControlsProperty{
			Rules: []any{&awss3.CfnBucket_OwnershipControlsRuleProperty{ObjectOwnership: jsii.String("BucketOwnerEnforced")}},
		},
		VersioningConfiguration: &awss3.CfnBucket_VersioningConfigurationProperty{Status: jsii.String("Enabled")},
		LifecycleConfiguration: &awss3.CfnBucket_LifecycleConfigurationProperty{Rules: []any{&awss3.CfnBucket_RuleProperty{
			Status: jsii.String("Enabled"),
			NoncurrentVersionExpiration: &awss3.CfnBucket_NoncurrentVersionExpirationProperty{
				NoncurrentDays: jsii.Number(oldAssetDays),
			},
			AbortIncompleteMultipartUpload: &awss3.CfnBucket_AbortIncompleteMultipartUploadProperty{DaysAfterInitiation: jsii.Number(1)},
		}}},
	})
	// CloudFormation deletes no bucket that has files in it.
	bucket.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	return bucket
}

// admit lets the one distribution read, and nobody use the bucket without TLS.
func (a *api) admit(bucket awss3.CfnBucket, distribution awscloudfront.CfnDistribution) {
	read := allow([]string{"s3:GetObject"}, []string{*bucket.AttrArn() + "/console/assets/*"}, condition{"StringEquals": {
		"AWS:SourceArn": "arn:" + *awscdk.Aws_PARTITION() + ":cloudfront::" + *awscdk.Aws_ACCOUNT_ID() + ":distribution/" + *distribution.Ref(),
	}})
	read["Principal"] = map[string]any{"Service": "cloudfront.amazonaws.com"}
	plain := denyWhen([]string{"s3:*"}, []string{*bucket.AttrArn(), *bucket.AttrArn() + "/*"}, condition{"Bool": {"aws:SecureTransport": "false"}})
	plain["Principal"] = map[string]any{"AWS": "*"}
	awss3.NewCfnBucketPolicy(a.stack, jsii.String("AssetsPolicy"), &awss3.CfnBucketPolicyProps{
		Bucket: bucket.Ref(), PolicyDocument: policy(read, plain),
	})
}

// addAssetHeaders declares the headers. Elements in pages of others load files, so
// that the origins which the API admits may, or any where it admits none.
func (a *api) addAssetHeaders() awscloudfront.CfnResponseHeadersPolicy {
	origins := jsii.Strings("*")
	if len(a.props.CORSOrigins) > 0 {
		origins = jsii.Strings(a.props.CORSOrigins...)
	}
	return awscloudfront.NewCfnResponseHeadersPolicy(a.stack, jsii.String("AssetHeaders"), &awscloudfront.CfnResponseHeadersPolicyProps{
		ResponseHeadersPolicyConfig: &awscloudfront.CfnResponseHeadersPolicy_ResponseHeadersPolicyConfigProperty{
			Name: jsii.String(a.props.name("console-" + *awscdk.Aws_REGION())),
			SecurityHeadersConfig: &awscloudfront.CfnResponseHeadersPolicy_SecurityHeadersConfigProperty{
				ContentSecurityPolicy: &awscloudfront.CfnResponseHeadersPolicy_ContentSecurityPolicyProperty{
					ContentSecurityPolicy: jsii.String(assetPolicy), Override: true,
				},
				ContentTypeOptions: &awscloudfront.CfnResponseHeadersPolicy_ContentTypeOptionsProperty{Override: true},
				ReferrerPolicy:     &awscloudfront.CfnResponseHeadersPolicy_ReferrerPolicyProperty{ReferrerPolicy: jsii.String("no-referrer"), Override: true},
				StrictTransportSecurity: &awscloudfront.CfnResponseHeadersPolicy_StrictTransportSecurityProperty{
					AccessControlMaxAgeSec: jsii.Number(transportSeconds), Override: true,
				},
			},
			CorsConfig: &awscloudfront.CfnResponseHeadersPolicy_CorsConfigProperty{
				AccessControlAllowOrigins:     &awscloudfront.CfnResponseHeadersPolicy_AccessControlAllowOriginsProperty{Items: origins},
				AccessControlAllowMethods:     &awscloudfront.CfnResponseHeadersPolicy_AccessControlAllowMethodsProperty{Items: jsii.Strings("GET", "HEAD")},
				AccessControlAllowHeaders:     &awscloudfront.CfnResponseHeadersPolicy_AccessControlAllowHeadersProperty{Items: jsii.Strings("*")},
				AccessControlAllowCredentials: false, OriginOverride: true,
			},
			CustomHeadersConfig: &awscloudfront.CfnResponseHeadersPolicy_CustomHeadersConfigProperty{Items: []any{
				&awscloudfront.CfnResponseHeadersPolicy_CustomHeaderProperty{
					Header: jsii.String("cross-origin-resource-policy"), Value: jsii.String("cross-origin"), Override: true,
				},
			}},
		},
	})
}
