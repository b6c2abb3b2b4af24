package client

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// Raw performs an operation as Call does, for programs that know which one only
// when they run: in is a value of the route's request type. It returns the JSON of
// the answer as it came, and nothing for an answer without content.
func Raw(ctx context.Context, c *Client, r *routes.Route, in any) (json.RawMessage, error) {
	if got := reflect.TypeOf(in); got != r.In() {
		return nil, fmt.Errorf("%s: the request is a %v and not a %v", r.Name, got, r.In())
	}
	body, err := c.send(ctx, r, reflect.ValueOf(in))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Name, err)
	}
	return body, nil
}

// nextCursorHeader names the part that follows one of a download.
const nextCursorHeader = "Tenon-Next-Cursor"

// ExportAudit returns one part of the audit as a file. The cursor of the next part
// is its Next, empty with the last.
func ExportAudit(ctx context.Context, c *Client, in api.AuditExport) (api.Download, error) {
	r := routes.AuditExport.Route
	for n := 1; ; n++ {
		req, err := newRequest(ctx, c.base, r, reflect.ValueOf(in))
		if err != nil {
			return api.Download{}, fmt.Errorf("%s: %w", r.Name, err)
		}
		var part api.Download
		res, err := c.do(req, r)
		if err == nil {
			var text []byte
			text, err = content(res)
			part = api.Download{MediaType: res.Header.Get("Content-Type"), Text: string(text), Next: res.Header.Get(nextCursorHeader)}
			_ = res.Body.Close()
		}
		if err == nil {
			return part, nil
		}
		if n >= c.tries || !repeatable(req, r, err) || !rest(ctx, n, err) {
			return api.Download{}, fmt.Errorf("%s: %w", r.Name, err)
		}
	}
}
