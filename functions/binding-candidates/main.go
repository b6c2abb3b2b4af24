// Command binding-candidates serves GET /v1/flows/{flowId}/bindings/{slot}/candidates.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.BindingCandidates, handle(l.Bindings(), l.Cursors))
}

func handle(flows *flow.Service, cursors page.Cursors) web.Func[api.CandidateList, api.Candidates] {
	return func(ctx context.Context, caller auth.Caller, in api.CandidateList) (api.Candidates, error) {
		list := page.List{Route: "binding-candidates", Filters: []string{in.FlowID, in.Slot}}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]flow.Candidate, string, error) {
			return flows.Candidates(ctx, caller, in.FlowID, in.Slot, start, in.Limit)
		}, func(c flow.Candidate) api.Candidate { return c.API(flows.Now()) })
		return api.Candidates{Items: items, NextCursor: next}, err
	}
}
