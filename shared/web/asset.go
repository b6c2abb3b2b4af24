package web

import (
	"encoding/base64"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
)

// noDocument is the policy of what is not a page: opened by itself, it may do
// nothing.
const noDocument = "default-src 'none'; sandbox; frame-ancestors 'none'"

// asset answers with a file of the console. What is compressed goes through API
// Gateway in base64.
func asset(a api.Asset) events.APIGatewayV2HTTPResponse {
	res := events.APIGatewayV2HTTPResponse{StatusCode: a.Status, Headers: map[string]string{
		"cache-control":                a.Cache,
		"etag":                         a.Tag,
		"vary":                         "accept-encoding",
		"x-content-type-options":       "nosniff",
		"referrer-policy":              "no-referrer",
		"strict-transport-security":    "max-age=63072000",
		"content-security-policy":      noDocument,
		"cross-origin-resource-policy": "same-origin",
	}}
	if a.Shared {
		res.Headers["cross-origin-resource-policy"] = "cross-origin"
		res.Headers["access-control-allow-origin"] = "*"
		res.Headers["vary"] = "accept-encoding, origin" // API Gateway puts the one origin it admits in place of the star.
	}
	if a.Policy != "" {
		res.Headers["content-security-policy"] = a.Policy
		res.Headers["x-frame-options"] = "DENY"
		res.Headers["cross-origin-opener-policy"] = "same-origin"
		res.Headers["permissions-policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
	}
	if a.Status == http.StatusNotModified {
		return res
	}
	res.Headers["content-type"] = a.MediaType
	if a.Encoding == "" {
		res.Body = string(a.Body)
		return res
	}
	res.Headers["content-encoding"] = a.Encoding
	res.Body, res.IsBase64Encoded = base64.StdEncoding.EncodeToString(a.Body), true
	return res
}
