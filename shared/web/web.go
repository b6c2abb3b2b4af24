// Package web turns typed handlers into API Gateway handlers: it reads and
// validates the request, finds out who is calling, calls the handler, and
// writes the result or the problem document. It depends on packages api, auth,
// browser, fault, id and routes, and on huma for validation.
//
// The rules of an operation stand in the tags of its request type and are
// enforced here from the same schema that the OpenAPI document publishes.
// Nothing that a client sent is ever repeated in an answer.
package web

import (
	"context"
	"log/slog"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// Func serves one operation.
type Func[In, Out any] func(ctx context.Context, caller auth.Caller, in In) (Out, error)

// Handler is the shape aws-lambda-go starts.
type Handler func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Options is what the deployment decides about every operation.
type Options struct {
	TenantClaim string // JWT claim that holds the tenant.
	Admission   Admission
}

// Admission decides by the standing of tenants who is served. Every request with a
// token is asked for; nil admits all.
type Admission interface {
	Admit(ctx context.Context, caller auth.Caller, r *routes.Route) error
}

// Handle adapts fn to API Gateway. The handler never returns an error: every
// failure is a problem document, so that Lambda's error metric counts crashes
// only.
func Handle[In, Out any](r routes.Typed[In, Out], fn Func[In, Out], o Options) Handler {
	binder := newBinder[In](r.Route)
	toBrowser := reflect.TypeFor[Out]() == reflect.TypeFor[api.Browser]()
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (res events.APIGatewayV2HTTPResponse, _ error) {
		begun := time.Now()
		defer func() {
			if p := recover(); p != nil {
				// The value of a panic may hold anything; its stack holds no values.
				slog.ErrorContext(ctx, "panic", "route", r.Name, "stack", string(debug.Stack()))
				res = problem(e, toBrowser, fault.From(nil))
			}
			slog.InfoContext(ctx, "request", "route", r.Name, "status", res.StatusCode, "ms", time.Since(begun).Milliseconds(), "request_id", e.RequestContext.RequestID)
		}()
		out, err := serve(ctx, r, binder, fn, o, e)
		if err != nil {
			f := fault.From(err)
			if statuses[f.Kind] >= 500 {
				slog.Log(ctx, level(f), "request failed", "route", r.Name, "request_id", e.RequestContext.RequestID, "error", f)
			}
			return problem(e, toBrowser, err), nil
		}
		return respond(r.Route, e, out), nil
	}
}

// level is that of a failure somebody must look at, unless the caller was told
// when to come back or the provider is to blame.
func level(f *fault.Error) slog.Level {
	switch f.Kind {
	case fault.Unavailable, fault.Upstream, fault.UpstreamTimeout:
		return slog.LevelWarn
	default:
		return slog.LevelError
	}
}

func serve[In, Out any](ctx context.Context, r routes.Typed[In, Out], b *binder[In], fn Func[In, Out], o Options, e events.APIGatewayV2HTTPRequest) (Out, error) {
	var none Out
	caller := auth.Caller{RequestID: e.RequestContext.RequestID, SourceIP: e.RequestContext.HTTP.SourceIP}
	if !r.Public() {
		var err error
		if caller, err = callerOf(e, o.TenantClaim); err != nil {
			return none, err
		}
		ctx = auth.For(ctx, caller.Tenant)
		if !caller.Has(r.Scope) {
			return none, fault.New(fault.Denied, fault.CodeForbidden, "The token lacks the scope "+r.Scope+".")
		}
		if o.Admission != nil {
			if err := o.Admission.Admit(ctx, caller, r.Route); err != nil {
				return none, err
			}
		}
	}
	in, err := b.bind(e)
	if err != nil {
		return none, err
	}
	return fn(ctx, caller, in)
}
