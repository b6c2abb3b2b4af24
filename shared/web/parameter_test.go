package web_test

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestQueryFillsTheRequest(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.ConnectionList)
	send := event(routes.ConnectionList.Route)
	h.Send(send).Want(200, "")
	if seen.in.Limit != 50 {
		t.Errorf("got limit %d, want the default 50", seen.in.Limit)
	}
	send.RawQueryString = "limit=7&cursor=a%2Fb%2Bc&status=active"
	h.Send(send).Want(200, "")
	if in := seen.in; in.Limit != 7 || in.Cursor != "a/b+c" || in.Status != "active" || in.Connector != "" {
		t.Errorf("got %+v", in)
	}
}

func TestQueryThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	for query, pointer := range map[string]string{
		"limit=0":                     "query/limit",
		"limit=101":                   "query/limit",
		"limit=many":                  "query/limit",
		"limit=1.5":                   "query/limit",
		"limit=1e1":                   "query/limit",
		"status=red":                  "query/status",
		"Status=active":               "query",
		"tenant=evil":                 "query",
		"status=active&status=active": "query/status",
		"limit=5&limit=6":             "query/limit",
	} {
		h, seen := record(t, routes.ConnectionList)
		send := event(routes.ConnectionList.Route)
		send.RawQueryString = query
		h.Send(send).WantProblem(400, fault.CodeValidationFailed).WantPointer(pointer)
		if seen.count != 0 {
			t.Errorf("%s: the handler was called", query)
		}
	}
	h, _ := record(t, routes.ConnectionList)
	for _, query := range []string{"limit=%zz", "a;b"} {
		send := event(routes.ConnectionList.Route)
		send.RawQueryString = query
		h.Send(send).WantProblem(400, fault.CodeValidationFailed)
	}
}

func TestHeaderFillsTheRequest(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.ConnectionDelete)
	h.WithHeader("if-match", `"4"`).Send(event(routes.ConnectionDelete.Route)).Want(200, "")
	if seen.in.IfMatch != `"4"` || seen.in.ConnectionID != connectionID {
		t.Errorf("got %+v", seen.in)
	}
	long := make([]byte, 65)
	h.WithHeader("if-match", string(long)).Send(event(routes.ConnectionDelete.Route)).
		WantProblem(400, fault.CodeValidationFailed).WantPointer("header/If-Match")
}

// An identifier that cannot exist is answered as one that does not, before
// anything is looked up.
func TestPathWithAnImpossibleIdentifierIsNotFound(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "con_", "con_1", templateID, connectionID + "#x", connectionID[:len(connectionID)-1] + "u", "../" + connectionID} {
		h, seen := record(t, routes.ConnectionGet)
		h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters = map[string]string{"connectionId": id} }).
			Send(event(routes.ConnectionGet.Route)).WantProblem(404, fault.CodeNotFound)
		if seen.count != 0 {
			t.Errorf("%q: the handler was called", id)
		}
	}
	h, _ := record(t, routes.TenantGet)
	h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters = map[string]string{"tenantId": "a#b"} }).
		Send(event(routes.TenantGet.Route)).WantProblem(404, fault.CodeNotFound)
}

// A trial that was misspelt must not become the deed.
func TestSwitchInTheQueryIsTrueOrFalse(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{"": false, "dryRun=true": true, "dryRun=false": false} {
		h, seen := record(t, routes.ConnectionDelete)
		send := event(routes.ConnectionDelete.Route)
		send.RawQueryString = query
		h.Send(send).Want(200, "")
		if seen.in.DryRun != want {
			t.Errorf("%q: got %v", query, seen.in.DryRun)
		}
	}
	for _, query := range []string{"dryRun", "dryRun=", "dryRun=1", "dryRun=True", "dryRun=yes"} {
		h, seen := record(t, routes.ConnectionDelete)
		send := event(routes.ConnectionDelete.Route)
		send.RawQueryString = query
		h.Send(send).WantProblem(400, fault.CodeValidationFailed).WantPointer("query/dryRun")
		if seen.count != 0 {
			t.Errorf("%q: the handler was called", query)
		}
	}
}
