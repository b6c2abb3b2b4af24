// Command binding-lease serves POST
// /v1/flows/{flowId}/bindings/{slot}/lease.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.BindingLease, handle(credentials.New(e).Lease()))
}

func handle(leases *lease.Service) web.Func[api.BindingLeaseRequest, api.Lease] {
	return func(ctx context.Context, caller auth.Caller, in api.BindingLeaseRequest) (api.Lease, error) {
		l, err := leases.LeaseBound(ctx, caller, lease.BoundRequestFrom(in))
		if err != nil {
			return api.Lease{}, err
		}
		return l.API(), nil
	}
}
