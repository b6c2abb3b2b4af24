package operation

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
	"github.com/tenonhq/tenon/shared/routes"
)

// mostOfPage is how many items one request may ask for.
const mostOfPage = 100

// isList reports whether the answer is a list and nothing else.
func isList(r *routes.Route) bool {
	if r.Out().Kind() != reflect.Struct {
		return false
	}
	_, items := r.Out().FieldByName("Items")
	_, cursor := r.Out().FieldByName("NextCursor")
	return items && (cursor || r.Out().NumField() == 1)
}

// list shows the items of as many pages as were asked for.
func (c *Command) list(ctx context.Context, calls *client.Client, in reflect.Value, p printer) error {
	limit := 0 // All there are.
	size := in.FieldByName("Limit")
	if size.IsValid() {
		limit = int(size.Int())
	}
	if limit < 0 {
		return status.Wrong("--limit is 0 for all, or how many")
	}
	elem, _ := c.Route.Out().FieldByName("Items")
	shown := reflect.MakeSlice(elem.Type, 0, mostOfPage)
	for n := 0; ; {
		if size.IsValid() {
			size.SetInt(mostOfPage)
			if limit > 0 {
				size.SetInt(int64(min(mostOfPage, limit-n)))
			}
		}
		body, err := client.Raw(ctx, calls, c.Route, in.Interface())
		if err != nil {
			return err
		}
		var page struct {
			Items      []json.RawMessage `json:"items"`
			NextCursor string            `json:"nextCursor"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return fmt.Errorf("decode the answer: %w", err)
		}
		for _, item := range page.Items {
			if limit > 0 && n == limit {
				break
			}
			n++
			if p.json {
				err = p.line(item)
			} else {
				value := reflect.New(elem.Type.Elem())
				err = json.Unmarshal(item, value.Interface())
				shown = reflect.Append(shown, value.Elem())
			}
			if err != nil {
				return err
			}
		}
		more := page.NextCursor != ""
		if !more || limit > 0 && n >= limit {
			return p.listed(shown, n, more)
		}
		if p.Terminal && n > 0 {
			_, _ = fmt.Fprintf(p.Err, "%d read\n", n)
		}
		in.FieldByName("Cursor").SetString(page.NextCursor)
	}
}
