package web

import (
	"net/url"
	"reflect"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/fault"
)

// visit fills the fields of a browser route: the query as received, the form,
// and the cookies.
func (b *binder[In]) visit(target reflect.Value, name string, query url.Values, raw []byte, e events.APIGatewayV2HTTPRequest) error {
	switch name {
	case "query":
		target.Set(reflect.ValueOf(query))
	case "form":
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			return fault.New(fault.Invalid, fault.CodeInvalidBody, "The form is not readable.")
		}
		target.Set(reflect.ValueOf(form))
	case "cookies":
		cookies := map[string]string{}
		for _, cookie := range e.Cookies {
			if name, value, ok := strings.Cut(cookie, "="); ok {
				cookies[strings.TrimSpace(name)] = value
			}
		}
		target.Set(reflect.ValueOf(cookies))
	}
	return nil
}
