package templatetests_test

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

const cloudFront = "front-cloudfront"

// TestDistribution: one name for the console and the API; all but the files whose
// names change with their content comes from the API, and none of it is kept.
func TestDistribution(t *testing.T) {
	t.Parallel()
	tp := whole(t, cloudFront)
	config := at(tp.Resources["Distribution"].Properties, "DistributionConfig")
	for name, want := range map[string]any{
		"Aliases": []any{"tenon.example.com"},
		"ViewerCertificate": object{
			"AcmCertificateArn":      "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef",
			"MinimumProtocolVersion": "TLSv1.2_2021", "SslSupportMethod": "sni-only",
		},
		"DefaultCacheBehavior": object{
			"TargetOriginId": "api", "ViewerProtocolPolicy": "redirect-to-https",
			"AllowedMethods":        []any{"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"},
			"CachePolicyId":         "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", // Managed-CachingDisabled.
			"OriginRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac", // Managed-AllViewerExceptHostHeader.
		},
		"CacheBehaviors": []any{object{
			"PathPattern": "/console/assets/*", "TargetOriginId": "bucket-then-api", "ViewerProtocolPolicy": "redirect-to-https", "Compress": true,
			"AllowedMethods":          []any{"GET", "HEAD", "OPTIONS"},
			"CachePolicyId":           "658327ea-f89d-4fab-a63d-7e88639e58f6", // Managed-CachingOptimized.
			"ResponseHeadersPolicyId": object{"Fn::GetAtt": []any{"AssetHeaders", "Id"}},
		}},
		// They would hide what the API answers.
		"CustomErrorResponses": nil,
	} {
		if diff := cmp.Diff(want, at(config, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	origins := map[string]string{}
	for _, o := range at(config, "Origins").([]any) {
		origins[tp.text(at(o, "Id"))] = tp.text(at(o, "DomainName"))
	}
	want := map[string]string{"bucket": "${Assets.RegionalDomainName}", "api": "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
	if diff := cmp.Diff(want, origins); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
	if tp.Resources["Api"].Properties["DisableExecuteApiEndpoint"] != nil || tp.Resources["Domain"].Type != "" {
		t.Error("the API has no name that the distribution reaches it by")
	}
}

// TestAssets: nobody reads the bucket but the one distribution, by its signature.
func TestAssets(t *testing.T) {
	t.Parallel()
	tp := whole(t, cloudFront)
	bucket := tp.Resources["Assets"].Properties
	for _, closed := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
		if at(bucket, "PublicAccessBlockConfiguration", closed) != true {
			t.Errorf("%s is not set", closed)
		}
	}
	if at(bucket, "VersioningConfiguration", "Status") != "Enabled" || at(bucket, "BucketEncryption") == nil || bucket["AccessControl"] != nil {
		t.Errorf("bucket %v", bucket)
	}
	var statements []string
	for _, s := range at(tp.Resources["AssetsPolicy"].Properties, "PolicyDocument", "Statement").([]any) {
		var who []string
		for kind, name := range at(s, "Principal").(object) {
			who = append(who, kind+" "+tp.text(name))
		}
		statements = append(statements, tp.text(at(s, "Effect"))+" "+strings.Join(who, ",")+" "+strings.Join(tp.texts(at(s, "Action")), ",")+
			" on "+strings.Join(tp.texts(at(s, "Resource")), ",")+" when "+strings.Join(sorted(underConditions(tp, s)), ","))
	}
	if diff := cmp.Diff([]string{
		"Allow Service cloudfront.amazonaws.com s3:GetObject on ${Assets.Arn}/console/assets/* when " +
			"StringEquals AWS:SourceArn=arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}",
		"Deny AWS * s3:* on ${Assets.Arn},${Assets.Arn}/* when Bool aws:SecureTransport=false",
	}, statements); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	access := at(tp.Resources["AssetsAccess"].Properties, "OriginAccessControlConfig")
	if at(access, "SigningBehavior") != "always" || at(access, "SigningProtocol") != "sigv4" {
		t.Errorf("requests to the bucket are not signed: %v", access)
	}
}

func underConditions(tp *template, statement any) []string {
	var found []string
	for key, value := range flatten(tp, at(statement, "Condition")) {
		found = append(found, key+"="+value)
	}
	return found
}

// WEB-02: a file has the same headers wherever it comes from. Those that say what
// the file is, and how long it is kept, belong to the file.
func TestWEB02HeadersOfAssets(t *testing.T) {
	t.Parallel()
	h := web.Handle(routes.Console, func(context.Context, auth.Caller, api.AssetRef) (api.Asset, error) {
		return api.Asset{Status: http.StatusOK, Shared: true}, nil
	}, web.Options{})
	served, err := h(t.Context(), events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"path": "assets/main.js"}})
	if err != nil || served.StatusCode != http.StatusOK {
		t.Fatalf("got %d, %v", served.StatusCode, err)
	}
	want := maps.Clone(served.Headers)
	for _, own := range []string{"cache-control", "content-type", "etag", "vary"} {
		delete(want, own)
	}
	want["access-control-allow-origin"] = "https://console.example" // API Gateway puts it in place of the star.
	if diff := cmp.Diff(want, assetHeaders(t)); diff != "" {
		t.Errorf("headers of a file (-function +CloudFront):\n%s", diff)
	}
}

// assetHeaders reads what CloudFront puts in.
func assetHeaders(t *testing.T) map[string]string {
	t.Helper()
	tp := whole(t, cloudFront)
	config := at(tp.Resources["AssetHeaders"].Properties, "ResponseHeadersPolicyConfig")
	security, cors := at(config, "SecurityHeadersConfig"), at(config, "CorsConfig")
	headers := map[string]string{
		"access-control-allow-origin": strings.Join(tp.texts(at(cors, "AccessControlAllowOrigins", "Items")), " "),
		"content-security-policy":     tp.text(at(security, "ContentSecurityPolicy", "ContentSecurityPolicy")),
		"referrer-policy":             tp.text(at(security, "ReferrerPolicy", "ReferrerPolicy")),
	}
	if at(security, "ContentTypeOptions", "Override") == true {
		headers["x-content-type-options"] = "nosniff"
	}
	if age, ok := at(security, "StrictTransportSecurity", "AccessControlMaxAgeSec").(float64); ok {
		headers["strict-transport-security"] = "max-age=" + strconv.Itoa(int(age))
	}
	for _, custom := range at(config, "CustomHeadersConfig", "Items").([]any) {
		headers[tp.text(at(custom, "Header"))] = tp.text(at(custom, "Value"))
	}
	return headers
}
