package web

import (
	"mime"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
)

// nextCursor is the header with the cursor of the next part of a download.
const nextCursor = "tenon-next-cursor"

// download answers with a file. It is never shown in the page of our origin.
func download(d api.Download) events.APIGatewayV2HTTPResponse {
	headers := map[string]string{
		"content-type":            d.MediaType,
		"content-disposition":     mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}),
		"cache-control":           "no-store",
		"x-content-type-options":  "nosniff",
		"content-security-policy": "default-src 'none'; sandbox",
	}
	if d.Next != "" {
		headers[nextCursor] = d.Next
		headers["link"] = "<" + d.NextPath + `>; rel="next"` // RFC 8288.
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: d.Text, Headers: headers}
}
