package web

import (
	"net/url"
	"reflect"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// visit fills the fields of a browser route: the query as received, the form,
// the cookies, and the language.
func (b *binder[In]) visit(target reflect.Value, name string, query url.Values, raw []byte, e events.APIGatewayV2HTTPRequest) error {
	switch name {
	case "query":
		target.Set(reflect.ValueOf(query))
	case "form":
		form, err := formOf(e.Headers["content-type"], raw)
		if err != nil {
			return err
		}
		target.Set(reflect.ValueOf(form))
	case "cookies":
		target.Set(reflect.ValueOf(cookiesOf(e)))
	case "language":
		target.SetString(string(languageOf(e)))
	}
	return nil
}

func cookiesOf(e events.APIGatewayV2HTTPRequest) map[string]string {
	cookies := map[string]string{}
	for _, cookie := range e.Cookies {
		if name, value, ok := strings.Cut(cookie, "="); ok {
			cookies[strings.TrimSpace(name)] = value
		}
	}
	return cookies
}
