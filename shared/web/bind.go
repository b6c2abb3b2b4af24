package web

import (
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/danielgtaylor/huma/v2"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/routes"
)

// bodyLimit is what a request body may hold, in bytes. Of all that is wrong
// with a request only fieldLimit members are named: a body can have more wrong
// members than an answer may have bytes.
const (
	bodyLimit  = 256 << 10
	fieldLimit = 20
)

// binder fills a request type from an event. It is made once, at start.
type binder[In any] struct {
	route    *routes.Route
	registry huma.Registry
	body     *huma.Schema // Nil when the type has no body members.
	params   []param
}

// param is one field that does not come from the body.
type param struct {
	index  []int
	in     string // path, query, header, event.
	name   string
	schema *huma.Schema
	preset string
	kind   reflect.Kind // Int, Bool or String.
}

func newBinder[In any](r *routes.Route) *binder[In] {
	b := &binder[In]{route: r, registry: huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)}
	t := reflect.TypeFor[In]()
	if t.Kind() != reflect.Struct {
		return b
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous {
			continue
		}
		if p, ok := b.param(f); ok {
			b.params = append(b.params, p)
		} else if b.body == nil {
			b.body = huma.SchemaFromType(b.registry, t)
		}
	}
	return b
}

func (b *binder[In]) param(f reflect.StructField) (param, bool) {
	for _, in := range []string{"path", "query", "header", "event"} {
		name, ok := f.Tag.Lookup(in)
		if !ok {
			continue
		}
		p := param{index: f.Index, in: in, name: name, preset: f.Tag.Get("default"), kind: f.Type.Kind()}
		if in != "event" {
			p.schema = huma.SchemaFromField(b.registry, f, "")
			p.schema.PrecomputeMessages()
		}
		return p, true
	}
	return param{}, false
}

func (b *binder[In]) bind(e events.APIGatewayV2HTTPRequest) (In, error) {
	var in In
	query, err := url.ParseQuery(e.RawQueryString)
	if err != nil {
		return in, fault.New(fault.Invalid, fault.CodeValidationFailed, "The query string is not valid.")
	}
	raw, err := bodyOf(e)
	if err != nil {
		return in, err
	}
	fields := b.strange(query)
	v := reflect.ValueOf(&in).Elem()
	for _, p := range b.params {
		if p.in == "event" {
			if err := b.visit(v.FieldByIndex(p.index), p.name, query, raw, e); err != nil {
				return in, err
			}
			continue
		}
		fields = append(fields, p.set(v.FieldByIndex(p.index), e, query)...)
	}
	if b.body != nil {
		wrong, err := b.decode(raw, e.Headers["content-type"], &in)
		if err != nil {
			return in, err
		}
		fields = append(fields, wrong...)
	}
	if fields = fields[:min(len(fields), fieldLimit)]; len(fields) > 0 {
		return in, &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The request is not valid.", Remedy: "fix_input", Fields: fields}
	}
	return in, b.wellNamed(e)
}

// strange lists query parameters the operation does not have: a misspelt filter
// must not silently select everything. Browser routes take what comes.
func (b *binder[In]) strange(query url.Values) []fault.Field {
	var known []string
	for _, p := range b.params {
		if p.in == "event" {
			return nil
		}
		if p.in == "query" {
			known = append(known, p.name)
		}
	}
	for _, name := range known {
		if len(query[name]) > 1 {
			return []fault.Field{{Pointer: "query/" + name, Detail: "Must be given once."}}
		}
	}
	for name := range query {
		if !contains(known, name) {
			return []fault.Field{{Pointer: "query", Detail: "Has a parameter this operation does not know."}}
		}
	}
	return nil
}

// set validates one parameter and stores it.
func (p param) set(target reflect.Value, e events.APIGatewayV2HTTPRequest, query url.Values) []fault.Field {
	var text string
	switch p.in {
	case "path":
		text = e.PathParameters[p.name]
	case "query":
		text = query.Get(p.name)
	case "header":
		text = e.Headers[strings.ToLower(p.name)]
	}
	if p.kind == reflect.Bool && p.in == "query" && query.Has(p.name) && text == "" {
		text = "?" // Half a word must not turn a trial into the deed.
	}
	if text == "" {
		text = p.preset
	}
	if text == "" {
		return nil
	}
	switch p.kind {
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return []fault.Field{{Pointer: p.in + "/" + p.name, Detail: "Must be a whole number."}}
		}
		target.SetInt(int64(n))
		return validate(nil, p.schema, p.in+"/"+p.name, float64(n))
	case reflect.Bool:
		if text != "true" && text != "false" {
			return []fault.Field{{Pointer: p.in + "/" + p.name, Detail: "Must be true or false."}}
		}
		target.SetBool(text == "true")
		return nil
	default:
		target.SetString(text)
		return validate(nil, p.schema, p.in+"/"+p.name, text)
	}
}

// decode reads the JSON body: one value, known members in their exact
// spelling, each once.
func (b *binder[In]) decode(raw []byte, contentType string, in *In) ([]fault.Field, error) {
	if len(raw) == 0 {
		raw = []byte("{}")
	} else if media, _, err := mime.ParseMediaType(contentType); err != nil || media != "application/json" {
		return nil, fault.New(fault.Invalid, fault.CodeUnsupportedMedia, "The body must be application/json.")
	}
	value, err := strictJSON(raw)
	if err != nil {
		return nil, fault.New(fault.Invalid, fault.CodeInvalidBody, "The body is not the JSON this operation takes.").Because(err)
	}
	fields := append(misspelt(b.registry, b.body, "", value), validate(b.registry, b.body, "", value)...)
	if len(fields) > 0 {
		return fields, nil
	}
	if err := json.Unmarshal(raw, in); err != nil {
		return nil, fault.New(fault.Invalid, fault.CodeInvalidBody, "The body is not the JSON this operation takes.")
	}
	return nil, nil
}

// wellNamed answers an identifier that cannot exist as one that does not.
func (b *binder[In]) wellNamed(e events.APIGatewayV2HTTPRequest) error {
	prefixes := map[string]id.Prefix{"connectionId": id.Connection, "templateId": id.Template, "handoffId": id.Handoff, "sessionId": id.ConnectSession, "signingKeyId": id.SigningKey}
	for name, prefix := range prefixes {
		if text, ok := e.PathParameters[name]; ok && !id.Valid(prefix, text) {
			return fault.New(fault.NotFound, fault.CodeNotFound, "There is no such thing.")
		}
	}
	if text, ok := e.PathParameters["tenantId"]; ok && !id.ValidTenant(text) {
		return fault.New(fault.NotFound, fault.CodeNotFound, "There is no such tenant.")
	}
	return nil
}

// bodyOf returns the request body within its limit.
func bodyOf(e events.APIGatewayV2HTTPRequest) ([]byte, error) {
	raw := []byte(e.Body)
	if e.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return nil, fault.New(fault.Invalid, fault.CodeInvalidBody, "The body is not readable.")
		}
		raw = decoded
	}
	if len(raw) > bodyLimit {
		return nil, fault.New(fault.Invalid, fault.CodeBodyTooLarge, "The body is larger than 256 KiB.")
	}
	return raw, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
